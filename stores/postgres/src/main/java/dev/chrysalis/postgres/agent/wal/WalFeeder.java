package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Feeds a recovering server with the write-ahead log from the vault, through a spool.
///
/// 1. Watch for requests, each served by its own thread.
/// 2. A history file is served where the vault has it; it is absent where it has not.
/// 3. A segment is served, absent or lost as `RecoveryRoute` decides. Whole segments go to `ready`,
///    others to the one request, since a later one may get more.
/// 4. After each segment the next ones are brought ahead; what lies behind the server is removed.
/// 5. Errors are retried while the request stands. Damage that persists is answered as lost.
/// 6. Every second it gives a sign of life, for which a standby's script looks.
///
/// Properties: "absent" is answered only where it is proven; a feeder that dies can be started
/// again while the server waits (a standby does for some seconds only); at most `ahead` segments
/// lie in the spool beside the wanted one.
///
/// `run` occupies its thread until `close`.
public final class WalFeeder implements Runnable, AutoCloseable {
  private static final Pattern REQUEST =
      Pattern.compile("([0-9A-F]{24}|[0-9A-F]{8}\\.history)\\.[0-9]{1,20}");
  private static final Duration RESCAN = Duration.ofMillis(250);
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration BROUGHT_AHEAD = Duration.ofMillis(20);
  private static final int DAMAGED_ATTEMPTS = 3;
  private static final int PARALLEL = 3;

  private final WalArchive archive;
  private final WalSpool spool;
  private final FeederSettings settings;
  private final Consumer<FeedEvent> events;
  private final RecoveryRoute route;
  private final Stopper stopper = new Stopper();
  private final Set<String> atWork = ConcurrentHashMap.newKeySet();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final Semaphore slots = new Semaphore(PARALLEL);

  /// @param events called by several threads at once
  public WalFeeder(
      WalArchive archive, WalSpool spool, FeederSettings settings, Consumer<FeedEvent> events) {
    this.archive = archive;
    this.spool = spool;
    this.settings = settings;
    this.events = events;
    this.route = new RecoveryRoute(archive, settings.system(), settings.timeline());
  }

  @Override
  public void run() {
    spool.feeding();
    try (WatchService watch = spool.directory().getFileSystem().newWatchService();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      spool.wanted().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      long beaten = System.nanoTime() - BEAT.toNanos();
      while (!stopper.isStopped()) {
        if (System.nanoTime() - beaten >= BEAT.toNanos()) {
          beaten = System.nanoTime();
          beat(beaten);
        }
        scan(threads);
        WatchKey key = watch.poll(RESCAN.toMillis(), TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
      threads.shutdownNow();
    } catch (IOException e) {
      throw WalSpool.failed(spool.directory(), e);
    } catch (InterruptedException e) {
      stopper.stop();
      Thread.currentThread().interrupt();
    }
  }

  private void beat(long number) {
    try {
      spool.alive(number);
    } catch (IOException e) {
      // No room for a sign is no reason to stop feeding; a standby that misses it asks its primary.
      return;
    }
  }

  /// Ends `run` soon. A server that recovers to a target then waits for the next feeder, and stops
  /// when none comes; a standby asks its primary.
  @Override
  public void close() {
    stopper.stop();
  }

  private void scan(ExecutorService threads) throws IOException {
    Set<String> standing = new HashSet<>();
    for (Path file : spool.list("wanted")) {
      String request = file.getFileName().toString();
      standing.add(request);
      if (abandoned(file)) {
        forget(file, request);
      } else if (!answered.contains(request) && atWork.add(request)) {
        threads.execute(() -> serve(threads, file, request));
      }
    }
    answered.retainAll(standing);
  }

  private boolean abandoned(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    Instant made = Files.getLastModifiedTime(file).toInstant();
    return made.isBefore(Instant.now().minus(settings.patience()).minusSeconds(60));
  }

  private void forget(Path file, String request) throws IOException {
    Files.deleteIfExists(file);
    for (String kind : new String[] {"file", "absent", "lost"}) {
      Files.deleteIfExists(spool.answer(request, kind));
    }
  }

  private void serve(ExecutorService threads, Path file, String request) {
    Matcher m = REQUEST.matcher(request);
    Duration pause = FIRST_PAUSE;
    int damaged = 0;
    try {
      while (!stopper.isStopped() && Files.exists(file)) {
        try {
          if (!m.matches()) {
            answer(request, "absent");
          } else if (m.group(1).endsWith(".history")) {
            history(m.group(1), request);
          } else if (!segment(threads, m.group(1), request)) {
            // It is being brought ahead: look again.
            stopper.awaitStop(BROUGHT_AHEAD);
            continue;
          }
          answered.add(request);
          return;
        } catch (IOException | ChrysalisException e) {
          ChrysalisException error = asError(e);
          events.accept(new FeedEvent.Retrying(request, error));
          damaged += error.code().category() == Category.DAMAGED ? 1 : 0;
          if (damaged >= DAMAGED_ATTEMPTS) {
            lost(request, String.valueOf(error.getMessage()));
            return;
          }
        }
        stopper.awaitStop(pause);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    } finally {
      atWork.remove(request);
    }
  }

  private void history(String name, String request) throws IOException {
    int timeline = Integer.parseUnsignedInt(name, 0, 8, 16);
    Optional<TimelineHistory> history =
        timeline < 1 ? Optional.empty() : archive.history(settings.system(), timeline);
    if (history.isEmpty()) {
      answer(request, "absent");
      return;
    }
    byte[] text = history.get().text().getBytes(UTF_8);
    spool.publish(spool.answer(request, "file"), out -> out.write(text));
    events.accept(new FeedEvent.Served(name));
  }

  /// @return false while another thread brings the segment
  private boolean segment(ExecutorService threads, String name, String request) throws IOException {
    Optional<WalSegment> segment = WalSegment.parse(name, route.segmentBytes());
    if (segment.isEmpty()) {
      answer(request, "absent");
      return true;
    }
    switch (route.answer(segment.get())) {
      case RecoveryRoute.Answer.Serve serve -> {
        boolean whole = serve.end().equals(segment.get().end(route.segmentBytes()));
        if (!whole) {
          write(segment.get(), serve, spool.answer(request, "file"));
        } else if (atWork.add(name)) {
          bring(segment.get(), serve, name);
        } else {
          return false;
        }
        ahead(threads, segment.get());
      }
      case RecoveryRoute.Answer.Absent() -> answer(request, "absent");
      case RecoveryRoute.Answer.Lost(String why) -> lost(request, why);
    }
    return true;
  }

  /// Brings a whole segment to where any request finds it.
  private void bring(WalSegment segment, RecoveryRoute.Answer.Serve serve, String name)
      throws IOException {
    try {
      if (!Files.exists(spool.ready(name))) {
        write(segment, serve, spool.ready(name));
      }
    } finally {
      atWork.remove(name);
    }
  }

  private void write(WalSegment segment, RecoveryRoute.Answer.Serve serve, Path file)
      throws IOException {
    slots.acquireUninterruptibly();
    try {
      spool.publish(
          file,
          out ->
              archive.assemble(settings.system(), segment, route.segmentBytes(), serve.end(), out));
      events.accept(new FeedEvent.Served(segment.fileName(route.segmentBytes())));
    } finally {
      slots.release();
    }
  }

  private void ahead(ExecutorService threads, WalSegment served) throws IOException {
    for (Path file : spool.list("ready")) {
      Optional<WalSegment> there =
          WalSegment.parse(file.getFileName().toString(), route.segmentBytes());
      if (there.filter(s -> s.number() >= served.number()).isEmpty()) {
        Files.deleteIfExists(file);
      }
    }
    WalSegment next = served;
    for (int i = 0; i < settings.ahead(); i++) {
      next = route.after(next);
      WalSegment segment = next;
      String name = segment.fileName(route.segmentBytes());
      if (!Files.exists(spool.ready(name)) && atWork.add(name)) {
        threads.execute(() -> bringAhead(segment, name));
      }
    }
  }

  private void bringAhead(WalSegment segment, String name) {
    try {
      if (route.answer(segment) instanceof RecoveryRoute.Answer.Serve serve
          && serve.end().equals(segment.end(route.segmentBytes()))) {
        bring(segment, serve, name);
      }
    } catch (IOException | ChrysalisException e) {
      // Nobody waits for it yet: it is tried again when it is wanted.
      events.accept(new FeedEvent.Retrying(name, asError(e)));
    } finally {
      atWork.remove(name);
    }
  }

  private void answer(String request, String kind) throws IOException {
    spool.publish(spool.answer(request, kind), out -> {});
    events.accept(new FeedEvent.Absent(request));
  }

  private void lost(String request, String why) {
    try {
      spool.publish(spool.answer(request, "lost"), out -> out.write(why.getBytes(UTF_8)));
      answered.add(request);
      events.accept(new FeedEvent.Lost(request, why));
    } catch (IOException e) {
      // The script gives up by itself, with the same exit code.
      events.accept(new FeedEvent.Retrying(request, WalSpool.failed(spool.directory(), e)));
    }
  }

  private ChrysalisException asError(Exception e) {
    return e instanceof ChrysalisException known
        ? known
        : WalSpool.failed(spool.directory(), (IOException) e);
  }
}
