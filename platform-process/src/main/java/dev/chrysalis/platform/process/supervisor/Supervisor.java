package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.process.Signals;
import dev.chrysalis.platform.process.wire.SocketPlace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The daemon of one state directory: it plays the kubelet for the workloads written there.
///
/// 1. It takes the directory's lock; where another holds it, it does nothing.
/// 2. It finishes moves of volumes that a crash cut off, and adopts processes that still run.
/// 3. It keeps members as they are wanted and answers requests.
/// 4. On `shutdown`, or when the state directory vanishes, it ends everything that it started, then
///    itself. When it is killed, its processes run on until the next supervisor adopts them.
public final class Supervisor implements AutoCloseable {
  private static final Duration WATCH = Duration.ofSeconds(1);

  private final StateDirectory state;
  private final FileChannel lockFile;
  private final Keepers keepers;
  private final Stopper stopper;
  private final SocketServer server;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Supervisor(StateDirectory state, FileChannel lockFile) throws IOException {
    this.state = state;
    this.lockFile = lockFile;
    Clock clock = Clock.systemUTC();
    var table = new ProcessTable(Path.of("/proc"));
    var processes = new MemberProcesses(state, table);
    var machine =
        new Machine(
            state, table, processes, new Signals(), new EventLog(state.eventsFile(), clock), clock);
    var programs = new Programs(state, processes, Map.copyOf(System.getenv()));
    var volumes = new VolumeRoom(state, clock);
    var desk = new Desk(state);
    this.keepers = new Keepers(desk, machine, programs, volumes);
    this.stopper = new Stopper(machine);
    desk.workloads().values().forEach(keepers::attend);
    Thread.ofVirtual().start(volumes::emptyTrash);
    Thread.ofVirtual().start(keepers::rollOut);
    this.server =
        SocketServer.open(
            new SocketPlace(state.root()),
            new RequestDesk(
                desk, machine, keepers, volumes, new AgentExec(programs), this::shutdown));
    Thread.ofVirtual().start(server::serve);
  }

  /// Starts to supervise; empty where another supervisor does already.
  public static Optional<Supervisor> start(Path stateDirectory) throws IOException {
    Path lock = stateDirectory.toRealPath().resolve("supervisor.lock");
    var lockFile =
        FileChannel.open(
            lock,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            DurableFile.privately("rw-------"));
    FileLock held = lockFile.tryLock();
    if (held == null) {
      lockFile.close();
      return Optional.empty();
    }
    return Optional.of(new Supervisor(StateDirectory.open(stateDirectory, new Random()), lockFile));
  }

  /// Supervises until it is shut down or its directory vanishes. Returns whether nothing that it
  /// started runs any more.
  public boolean await() throws InterruptedException {
    while (!stopped.await(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
      if (!state.isThere()) {
        return endEverything();
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    server.close();
    lockFile.close();
  }

  private void shutdown() {
    endEverything();
    stopped.countDown();
  }

  private boolean endEverything() {
    boolean ended = keepers.close();
    return stopper.clearEverything(state.identity()) && ended;
  }
}
