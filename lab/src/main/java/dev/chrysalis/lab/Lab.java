package dev.chrysalis.lab;

import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.LoadGenerator;
import dev.chrysalis.lab.ledger.PerceptionClient;
import dev.chrysalis.lab.ledger.RimReader;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.platform.process.WorkloadSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// BUTTERFLY on one machine: two PostgreSQL servers, primary and streaming replica, with an agent
/// beside each, and two replicas of perception, all under a supervisor of their own.
///
/// 1. `up` marks the folder, claims a network, makes secrets, seeds the servers' volumes, starts
///    the supervisor and waits until everything runs and the replica follows. When it fails, what
///    there is stays for a look at it; `down` removes it.
/// 2. `breakIt` destroys something for good and notes when.
/// 3. `down` ends every process, removes the folder and gives the network back. It may be called at
///    any time, from a shutdown hook too, and repeated.
///
/// Properties: only a folder that this class marked is ever removed; a crash at any moment leaves
/// nothing that `down` does not find. Safe for many threads.
public final class Lab {
  private static final Duration START_PATIENCE = Duration.ofSeconds(90);
  private static final List<MemberId> POSTGRES =
      List.of(new MemberId(LabAddresses.POSTGRES, 0), new MemberId(LabAddresses.POSTGRES, 1));

  private final LabLayout layout;
  private final LabMarker marker;
  private final LabSecrets secrets;
  private final LabUser user;
  private final LabMaker maker;
  private final Path claims;
  private final Clock clock;
  private final ReentrantLock one = new ReentrantLock();
  private volatile boolean ending;

  /// @param claims a folder that all labs of this machine share: the temporary folder
  /// @param random makes the secrets: a `SecureRandom`
  public Lab(
      LabLayout layout,
      LabPrograms programs,
      LabUser user,
      VaultMaker vault,
      Path claims,
      Clock clock,
      RandomGenerator random) {
    this.layout = layout;
    this.marker = new LabMarker(layout);
    this.secrets = new LabSecrets(layout.secrets());
    this.user = user;
    this.maker = new LabMaker(layout, programs, user, vault, random);
    this.claims = claims;
    this.clock = clock;
  }

  /// Where everything lies.
  public LabLayout layout() {
    return layout;
  }

  /// Makes and starts the lab; returns when all of it works. Refused where there is one already.
  ///
  /// @param progress told in a few words what is being done
  public LabStatus up(Consumer<String> progress) {
    one.lock();
    try {
      marker.plant();
      LabNetwork network = LabNetwork.claim(claims, layout.root());
      marker.note(network);
      LabAddresses addresses = new LabAddresses(network);
      LabMaker.Made made = maker.make(addresses, this::refuseIfEnding, progress);
      progress.accept("starting the supervisor and its workloads");
      try (ProcessPlatform platform = supervisor().start()) {
        made.workloads().forEach(spec -> platform.apply(LabSupervisor.TOKEN, spec));
        awaitWhole(platform, addresses);
        return status(platform, network);
      }
    } catch (IOException e) {
      throw files("could not be made", e);
    } finally {
      one.unlock();
    }
  }

  /// The lab as it is now; refused where there is none.
  public LabStatus status() {
    LabNetwork network = network();
    try (ProcessPlatform platform = supervisor().connect()) {
      return status(platform, network);
    }
  }

  /// Injects a fault; returns when it is done.
  public Disaster breakIt(Fault fault) {
    LabAddresses addresses = new LabAddresses(network());
    Disaster disaster;
    try (ProcessPlatform platform = supervisor().connect()) {
      Breaker breaker =
          new Breaker(
              POSTGRES,
              member -> server(addresses, member),
              this::volume,
              layout.platform().resolve("volumes/.grave"),
              () -> new ServiceBreaker(platform, perception(addresses), clock),
              clock);
      disaster = breaker.inject(fault);
    }
    try {
      Files.writeString(
          layout.disasters(),
          disaster + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw files("was broken, but that could not be noted", e);
    }
    return disaster;
  }

  /// Ends and removes the lab. No lab is no error; a folder that is none is left alone.
  public void down() {
    ending = true;
    one.lock();
    try {
      if (marker.isPlanted()) {
        if (Files.exists(layout.platform())) {
          supervisor().end();
        }
        LabNetwork.release(claims, layout.root());
        marker.uproot();
      } else if (Files.exists(layout.root()) && !LabMarker.empty(layout.root())) {
        throw marker.foreign();
      }
    } catch (IOException e) {
      throw files("could not be removed", e);
    } finally {
      ending = false;
      one.unlock();
    }
  }

  /// Perception's replicas; the HTTP client is the caller's.
  public List<PerceptionClient> perception(HttpClient http) {
    List<String> addresses = new LabAddresses(network()).perception();
    return addresses.subList(0, 2).stream()
        .map(address -> URI.create("http://" + address + ":" + LabAddresses.SERVICE_PORT))
        .map(base -> new PerceptionClient(http, base))
        .toList();
  }

  /// Reads rims through the first replica of perception that answers.
  public RimReader reader(HttpClient http) {
    return new AnyReader(perception(http));
  }

  /// A load on perception, not started yet.
  public LoadGenerator load(Ledger ledger, HttpClient http, RandomGenerator random) {
    List<PerceptionClient> replicas = perception(http);
    return new LoadGenerator(ledger, () -> replicas, clock, random);
  }

  /// The text of the lab's stack file, which `up` also writes.
  public String stackYaml() {
    return new StackText(layout, secrets).yaml();
  }

  private void awaitWhole(ProcessPlatform platform, LabAddresses addresses) {
    PostgresServer primary = server(addresses, POSTGRES.getFirst());
    await(() -> primary.takesWrites().isPresent(), () -> "PostgreSQL does not answer");
    primary.createSlot(PostgresSeed.REPLICA_SLOT);
    await(
        () -> platform.workloads().stream().allMatch(Workload::settled),
        () -> "not all are ready of " + platform.workloads());
    await(() -> primary.followers() >= 1, () -> "the replica does not follow");
  }

  private void await(BooleanSupplier holds, Supplier<String> seen) {
    Waiting.until(
        () -> {
          refuseIfEnding();
          return holds.getAsBoolean();
        },
        START_PATIENCE,
        seen);
  }

  private LabStatus status(ProcessPlatform platform, LabNetwork network) {
    LabAddresses addresses = new LabAddresses(network);
    Optional<MemberId> primary =
        POSTGRES.stream().filter(m -> server(addresses, m).takesWrites().orElse(false)).findFirst();
    int followers = primary.map(m -> server(addresses, m).followers()).orElse(0);
    return new LabStatus(layout.root(), network.prefix(), platform.workloads(), primary, followers);
  }

  private WorkloadSpec perception(LabAddresses addresses) {
    try {
      return new LabWorkloads(layout, secrets, maker.installed(), addresses).perception();
    } catch (IOException e) {
      throw files("lacks its programs", e);
    }
  }

  private PostgresServer server(LabAddresses addresses, MemberId member) {
    return new PostgresServer(
        addresses.of(member), volume(member).resolve("data"), secrets.administratorPassword());
  }

  private Path volume(MemberId member) {
    return layout.platform().resolve("volumes").resolve(member.toString());
  }

  private LabSupervisor supervisor() {
    return new LabSupervisor(layout, maker.installed(), user);
  }

  private LabNetwork network() {
    return marker
        .network()
        .orElseThrow(() ->
            new ChrysalisException(
                LabErrors.NOT_UP,
                "there is no lab in " + layout.root(),
                "make one: chrysalis lab up"));
  }

  private void refuseIfEnding() {
    if (ending) {
      throw new ChrysalisException(
          LabErrors.INTERRUPTED, "the lab is being removed while it is made", "start it again");
    }
  }

  private ChrysalisException files(String what, IOException cause) {
    return new ChrysalisException(
        LabErrors.FILES,
        "the lab in " + layout.root() + " " + what,
        "check the folder's permissions and the room on its disk, then run lab down",
        cause);
  }
}
