package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Ships a member's append-only file to the vault for as long as the member is a master.
///
/// 1. Connect. Beside a replica, or a server without an append-only file, wait.
/// 2. Go on with the member's newest log where its file is still there (`LogStart`), else begin a
///    new one with its base.
/// 3. Ship it (`LogShipment`) until its files end; then again from 1.
/// 4. Where the file holds what is no command, have the server rewrite it first.
/// 5. After any failure try again, after a growing pause.
///
/// Properties: one piece and one chunk of a base are held in memory; several shippers of one member
/// may run at once, each position is sealed once; a shipper that is killed goes on where the
/// vault's log ends.
///
/// `run` occupies its thread until `close`, which may be called by any thread and makes a last
/// attempt of 5 s to seal what is in the files.
public final class AofShipper implements Runnable, AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration ROLE_CHECK = Duration.ofMillis(500);
  private static final Duration LOGIN = Duration.ofSeconds(5);
  private static final Duration REWRITE = Duration.ofHours(1);

  private final Vault vault;
  private final ShipperSettings settings;
  private final Clock clock;
  private final RandomGenerator random;
  private final Consumer<ShipEvent> events;
  private final RedisConnection connection;
  private final LogEnds ends;
  private final Stopper stopper = new Stopper();
  private boolean rewriteFirst;
  private volatile boolean progress;

  /// @param random names new logs
  /// @param events called by the shipper's threads, not for long
  public AofShipper(
      Vault vault,
      ShipperSettings settings,
      Clock clock,
      RandomGenerator random,
      Consumer<ShipEvent> events) {
    this.vault = vault;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.events = events;
    this.connection = new RedisConnection(settings.server(), LOGIN);
    this.ends = new LogEnds(vault, settings.store(), settings.member(), clock);
  }

  @Override
  public void run() {
    Duration pause = FIRST_PAUSE;
    while (!stopper.isStopped()) {
      progress = false;
      boolean failed = !attempt();
      pause = progress || !failed ? FIRST_PAUSE : pause;
      boolean _ = stopper.awaitStop(pause);
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(settings.retryAtMost()) < 0 ? doubled : settings.retryAtMost();
    }
  }

  /// Ends `run` soon.
  @Override
  public void close() {
    stopper.stop();
  }

  static ShipEvent failing(ChrysalisException e) {
    return e.code().number() / 1000 == VaultErrors.UNREACHABLE.number() / 1000
        ? new ShipEvent.VaultFailing(e)
        : new ShipEvent.ServerFailing(e);
  }

  private boolean attempt() {
    try (AofServer server = AofServer.open(connection)) {
      serve(server);
      return true;
    } catch (ChrysalisException e) {
      rewriteFirst |= LogShipment.isDamage(e);
      tell(failing(e));
      return false;
    }
  }

  private void tell(ShipEvent event) {
    if (event instanceof ShipEvent.Sealed) {
      progress = true;
    }
    events.accept(event);
  }

  private void serve(AofServer server) {
    ServerMoment moment = server.moment();
    if (moment.loading()) {
      await(server, now -> !now.loading());
    } else if (!moment.master()) {
      tell(new ShipEvent.StandingBy(moment.masterAddress()));
      await(server, ServerMoment::master);
    } else if (!moment.appendOnly()) {
      tell(new ShipEvent.NoAppendOnlyFile());
      await(server, now -> now.appendOnly() || !now.master());
    } else {
      ship(server, moment);
    }
  }

  private void await(AofServer server, Predicate<ServerMoment> until) {
    while (!stopper.awaitStop(ROLE_CHECK) && !until.test(server.moment())) {
      // Asked again after the pause.
    }
  }

  private void ship(AofServer server, ServerMoment moment) {
    AofNames names = server.names();
    AofFolder folder = new AofFolder(settings.data(), names, moment.keepsManifest());
    AofRewrite rewrite = new AofRewrite(server, REWRITE, BaseProgress.silent(), stopper);
    if (rewriteFirst) {
      server.rewrite();
      ServerMoment _ = rewrite.awaitQuiet();
      rewriteFirst = false;
    }
    LogStart start = new LogStart(settings, folder, ends, clock, random);
    ServerMoment sure = surely(server, names).orElseGet(rewrite::awaitQuiet);
    Optional<LogPlace> resumed = start.resumed(sure);
    LogPlace place = resumed.isPresent() ? resumed.get() : fresh(start, server, rewrite);
    try (place) {
      tell(
          new ShipEvent.Shipping(
              place.log(),
              place.position(),
              place.files().current().file().name(),
              resumed.isEmpty()));
      ship(server, names, sure, place);
    }
  }

  /// What the server says, where it surely writes into the file that is there. One that was told to
  /// begin an append-only file writes into none until its first rewrite is done, and what lies
  /// there is old: while that rewrite runs there is a temporary increment, while it only waits
  /// nothing shows it. That increment may come, or go after a failure, while the server is asked.
  private Optional<ServerMoment> surely(AofServer server, AofNames names) {
    Path waiting =
        settings
            .data()
            .resolve(names.appendFolder())
            .resolve("temp-" + names.appendFile() + ".incr");
    boolean before = Files.exists(waiting);
    ServerMoment moment = server.moment();
    boolean rewritesWell =
        moment.keepsManifest() && !moment.rewriteScheduled() && !before && !Files.exists(waiting);
    return !moment.rewrites() || rewritesWell ? Optional.of(moment) : Optional.empty();
  }

  private LogPlace fresh(LogStart start, AofServer server, AofRewrite rewrite) {
    ServerMoment moment = rewrite.awaitQuiet();
    if (!moment.lastRewriteWell()) {
      // Nobody can tell whether the file that is there is the one that the server writes.
      server.rewrite();
      moment = rewrite.awaitQuiet();
      rewrite.requireWell(moment);
    }
    return start.fresh(moment);
  }

  private void ship(AofServer server, AofNames names, ServerMoment moment, LogPlace place) {
    AtomicLong covered = new AtomicLong();
    Stopper baseStopper = new Stopper();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      LogShipment shipment =
          new LogShipment(vault, settings, place, moment, threads, this::tell, stopper, covered);
      place
          .base()
          .ifPresent(part ->
              threads.execute(
                  new BaseShipment(
                      vault,
                      settings,
                      place.log(),
                      part,
                      BaseOf.users(settings.data(), names),
                      covered,
                      baseStopper,
                      this::tell)));
      try {
        switch (shipment.run(server)) {
          case STOPPED -> {}
          case FILES ->
              tell(new ShipEvent.LogEnded(place.log(), covered.get(), "its files end here"));
          case DEMOTED ->
              tell(new ShipEvent.LogEnded(place.log(), covered.get(), "the server leads no more"));
          case SWITCHED_OFF ->
              tell(
                  new ShipEvent.LogEnded(
                      place.log(), covered.get(), "the append-only file was switched off"));
          case OVERTAKEN -> {
            boolean _ = stopper.awaitStop(settings.sealEvery().multipliedBy(2));
          }
        }
      } finally {
        baseStopper.stop();
        threads.shutdownNow();
      }
    }
  }
}
