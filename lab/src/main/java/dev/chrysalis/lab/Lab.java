package dev.chrysalis.lab;

import dev.chrysalis.lab.ledger.ItemReader;
import dev.chrysalis.lab.ledger.ItemWriter;
import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.LoadGenerator;
import dev.chrysalis.lab.ledger.ServiceClient;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.process.ProcessPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// BUTTERFLY on one machine: two PostgreSQL servers, primary and streaming replica, with an agent
/// beside each, and the services, all under a supervisor of their own.
///
/// 1. `up` marks the folder, claims a network, makes secrets, seeds the servers' volumes, starts
///    the supervisor, waits until everything runs and the replica follows, and writes a first item
///    into each datastore. When it fails, what there is stays for a look at it; `down` removes it.
/// 2. `breakIt` destroys something for good and notes when.
/// 3. `down` ends every process, removes the folder and gives the network back. It may be called at
///    any time, from a shutdown hook too, and repeated.
///
/// Properties: only a folder that this class marked is ever removed; a crash at any moment leaves
/// nothing that `down` does not find. Safe for many threads.
public final class Lab {
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

  /// Makes and starts a lab; returns when all of it works. Refused where there is one already.
  ///
  /// @param services those that it is to have
  /// @param progress told in a few words what is being done
  public LabStatus up(LabServices services, Consumer<String> progress) {
    one.lock();
    try {
      maker.requirePrograms(services);
      marker.plant();
      LabNetwork network = LabNetwork.claim(claims, layout.root(), LabAddresses.ports(services));
      marker.note(network, services);
      RunningLab lab = running(network, services);
      LabMaker.Made made = maker.make(lab.addresses(), services, this::refuseIfEnding, progress);
      progress.accept("starting the supervisor and its workloads");
      try (ProcessPlatform platform = supervisor().start()) {
        made.workloads().forEach(spec -> platform.apply(LabSupervisor.TOKEN, spec));
        if (services.needCassandra()) {
          progress.accept("waiting for the ring of Cassandra");
          lab.awaitRing(platform, this::refuseIfEnding);
          lab.tasks(maker.programs()).makeKeyspaces(this::refuseIfEnding);
        }
        lab.awaitWhole(platform, this::refuseIfEnding);
        progress.accept("writing a first item into each datastore");
        writeFirstItems(services);
        return lab.status(platform);
      }
    } catch (IOException e) {
      throw files("could not be made", e);
    } finally {
      one.unlock();
    }
  }

  private void writeFirstItems(LabServices services) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      services.all().stream()
          .filter(LabService::keepsItemsInADatastore)
          .forEach(service -> FirstItems.write(service, members(service, http)));
    }
  }

  /// The lab as it is now; refused where there is none.
  public LabStatus status() {
    RunningLab lab = running();
    try (ProcessPlatform platform = supervisor().connect()) {
      return lab.status(platform);
    }
  }

  /// Injects a fault, where it hits a service into perception; returns when it is done.
  public Disaster breakIt(Fault fault) {
    return breakIt(fault, LabService.PERCEPTION);
  }

  /// Injects a fault; returns when it is done.
  ///
  /// @param service the one that a service's fault hits; refused where this lab does not have it
  public Disaster breakIt(Fault fault, LabService service) {
    RunningLab lab = running();
    refuseForeign(service, lab.services());
    refuseMissing(fault.target(), lab.services());
    Disaster disaster;
    try (ProcessPlatform platform = supervisor().connect()) {
      disaster = new Breakers(lab, maker, user, clock).of(platform, service).inject(fault);
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

  /// A service's members; the HTTP client is the caller's.
  public List<ServiceClient> members(LabService service, HttpClient http) {
    return new LabAddresses(network())
        .urls(service, LabAddresses.SERVICE_PORT).stream()
            .map(URI::create)
            .map(base -> new ServiceClient(http, base, service))
            .toList();
  }

  /// Reads rims through the first replica of perception that answers.
  public ItemReader reader(HttpClient http) {
    return reader(LabService.PERCEPTION, http);
  }

  /// Reads what a load on that service wrote, through the first member of each that answers.
  public ItemReader reader(LabService service, HttpClient http) {
    return spread(service, http);
  }

  /// The services on which a load on that one is spread: those of the lab that keep their items
  /// where it does.
  public List<LabService> loaded(LabService service) {
    LabServices there = marker.services();
    return service.sharing().stream().filter(there::has).toList();
  }

  private Spread<ServiceClient> spread(LabService service, HttpClient http) {
    return new Spread<>(loaded(service).stream().map(each -> members(each, http)).toList());
  }

  /// A load on perception, not started yet.
  public LoadGenerator load(Ledger ledger, HttpClient http, RandomGenerator random) {
    return load(LabService.PERCEPTION, ledger, http, random);
  }

  /// A load on a service whose items can all be read back, and in turn on those that keep theirs
  /// where it does; not started yet.
  ///
  /// @param ledger the one of that service
  public LoadGenerator load(
      LabService service, Ledger ledger, HttpClient http, RandomGenerator random) {
    List<ItemWriter> writers = spread(service, http).writers();
    return new LoadGenerator(ledger, () -> writers, clock, random);
  }

  /// The text of the lab's stack file, which `up` also writes.
  public String stackYaml() {
    return new StackText(layout, secrets, marker.services()).yaml();
  }

  private void refuseForeign(LabService service, LabServices services) {
    if (!services.has(service)) {
      throw new ChrysalisException(
          LabErrors.NO_SUCH_SERVICE,
          "the lab in " + layout.root() + " has no " + service.word() + ", only " + services,
          "name one of these, or make a lab with it: chrysalis lab up --services …");
    }
  }

  private void refuseMissing(Fault.Target target, LabServices services) {
    switch (target) {
      case REDIS -> refuseWithout(services.needRedis(), "Redis", services, LabService.ODYSSEY);
      case CASSANDRA ->
          refuseWithout(services.needCassandra(), "Cassandra", services, LabService.CAPSULE);
      case STORE, SERVICE, EVERYTHING -> {}
    }
  }

  private void refuseWithout(
      boolean there, String store, LabServices services, LabService needsIt) {
    if (!there) {
      throw new ChrysalisException(
          LabErrors.NO_SUCH_STORE,
          "the lab in %s has no %s, since it has only %s".formatted(layout.root(), store, services),
          "make a lab with %1$s: chrysalis lab up, or chrysalis lab up --services %1$s"
              .formatted(needsIt.word()));
    }
  }

  private RunningLab running() {
    return running(network(), marker.services());
  }

  private RunningLab running(LabNetwork network, LabServices services) {
    return new RunningLab(layout, secrets, new LabAddresses(network), services);
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
