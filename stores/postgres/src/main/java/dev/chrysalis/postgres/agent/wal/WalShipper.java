package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.log.SealedLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Ships a member's write-ahead log to the vault for as long as the member is a primary.
///
/// 1. Connect; make the member's slot if it is missing or was lost.
/// 2. On a standby move the slot along with the vault's coverage, until the server is promoted.
/// 3. On a primary keep the timeline's history in the vault. A history that the vault has otherwise
///    is a conflict, and nothing is shipped.
/// 4. Ship leg after leg (`Leg.next`): what the vault misses of former timelines, then the server's
///    own one.
/// 5. Where WAL is gone, declare the gap, make the slot anew and go on at the oldest WAL that the
///    slot keeps.
/// 6. After any failure connect again, after a growing pause.
///
/// Properties: the server may forget only WAL that the vault has acknowledged (but for its
/// `max_slot_wal_keep_size`); two pieces and some pages are held in memory; several shippers of one
/// cluster may run at once, each position is sealed once; a shipper that is killed goes on where
/// the vault's coverage ends.
///
/// `run` occupies its thread until `close`, which may be called by any thread and makes a last
/// attempt of 5 s to seal what was received.
public final class WalShipper implements Runnable, AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration ROLE_CHECK = Duration.ofMillis(500);
  private static final Duration LOGIN = Duration.ofSeconds(10);

  private final Vault vault;
  private final ShipperSettings settings;
  private final Consumer<ShipEvent> events;
  private final ServerConnection address;
  private final String slot;
  private final Stopper stopper = new Stopper();
  private final Map<Integer, Lsn> skipped = new HashMap<>();
  private volatile boolean progress;

  /// @param events called by the shipper's threads, not for long
  public WalShipper(Vault vault, ShipperSettings settings, Consumer<ShipEvent> events) {
    this.vault = vault;
    this.settings = settings;
    this.events = events;
    this.address = new ServerConnection(settings.server(), LOGIN);
    this.slot = settings.slot();
  }

  @Override
  public void run() {
    Duration pause = FIRST_PAUSE;
    while (!stopper.isStopped()) {
      progress = false;
      boolean failed = !attempt();
      pause = progress || !failed ? FIRST_PAUSE : pause;
      stopper.awaitStop(pause);
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(settings.retryAtMost()) < 0 ? doubled : settings.retryAtMost();
    }
  }

  /// Ends `run` soon.
  @Override
  public void close() {
    stopper.stop();
  }

  private boolean attempt() {
    try (WalServer server = WalServer.open(address)) {
      serve(server);
      return true;
    } catch (ChrysalisException e) {
      int number = e.code().number();
      if (e.code().equals(PostgresErrors.TIMELINE_CONFLICT)) {
        tell(new ShipEvent.Conflict(e));
      } else if (number / 1000 == VaultErrors.UNREACHABLE.number() / 1000) {
        tell(new ShipEvent.VaultFailing(e));
      } else {
        tell(new ShipEvent.ServerFailing(e));
      }
      return false;
    }
  }

  private void tell(ShipEvent event) {
    if (event instanceof ShipEvent.Sealed) {
      progress = true;
    }
    if (event instanceof ShipEvent.Overtaken(int timeline, LogPiece piece)
        && piece.facts().containsKey(SealedLog.GAP_FACT)) {
      // Another shipper declared a gap here, and may have died before it went on behind it.
      skipped.put(timeline, new Lsn(piece.to()));
    }
    events.accept(event);
  }

  private void serve(WalServer server) {
    WalServer.Identity identity = server.identify();
    Lsn kept = slot(server);
    if (identity.standby()) {
      standBy(server, identity);
      return;
    }
    TimelineHistory history = server.history(identity.timeline());
    keepHistory(identity, history);
    Leg leg =
        Leg.next(history, timeline -> covered(identity, timeline), kept, identity.segmentBytes());
    try {
      ship(server, identity, leg);
    } catch (ChrysalisException e) {
      if (!e.code().equals(PostgresErrors.WAL_MISSING)) {
        throw e;
      }
      declareGap(identity, leg, e);
    }
  }

  /// Makes sure that the slot keeps WAL; from where on it does.
  private Lsn slot(WalServer server) {
    Optional<WalServer.Slot> found = server.slot(slot);
    if (found.isPresent() && (found.get().lost() || found.get().restart().isEmpty())) {
      server.dropSlot(slot);
      tell(new ShipEvent.SlotLost(slot));
      found = Optional.empty();
    }
    if (found.isEmpty()) {
      server.createSlot(slot);
      found = server.slot(slot);
    }
    return found.flatMap(WalServer.Slot::restart).orElseGet(server::position);
  }

  private void standBy(WalServer server, WalServer.Identity identity) {
    tell(new ShipEvent.StandingBy(identity.timeline()));
    LogStream log = log(identity, identity.timeline());
    long moved = System.nanoTime() - settings.markEvery().toNanos();
    while (!stopper.isStopped() && server.inRecovery()) {
      if (System.nanoTime() - moved >= settings.markEvery().toNanos()) {
        moved = System.nanoTime();
        slot(server);
        letGo(server, log);
      }
      stopper.awaitStop(ROLE_CHECK);
    }
  }

  /// Lets a standby forget what the vault has and it has replayed.
  private void letGo(WalServer server, LogStream log) {
    Optional<LogPiece> newest = log.newest();
    if (newest.isPresent()) {
      Lsn covered = new Lsn(newest.get().to());
      Lsn safe = PieceFacts.of(newest.get().facts()).nextRecord().orElse(covered);
      Lsn replayed = server.position();
      server.advanceSlot(slot, safe.compareTo(replayed) < 0 ? safe : replayed);
    }
  }

  private void keepHistory(WalServer.Identity identity, TimelineHistory history) {
    if (history.text().isEmpty()) {
      return;
    }
    String key = WalNames.history(settings.store(), identity.system(), history.timeline());
    byte[] text = history.text().getBytes(UTF_8);
    if (vault.records().create(key, text)) {
      return;
    }
    byte[] known = vault.records().read(key).orElse(text);
    if (!Arrays.equals(known, text)) {
      throw new ChrysalisException(
          PostgresErrors.TIMELINE_CONFLICT,
          "Timeline %d branched off elsewhere on this server than the vault knows"
              .formatted(history.timeline()),
          "two servers were promoted to one timeline; fence the wrong one and promote the right"
              + " one again, so that it begins a timeline of its own");
    }
  }

  private Optional<Lsn> covered(WalServer.Identity identity, int timeline) {
    Optional<Lsn> vaults = log(identity, timeline).newest().map(p -> new Lsn(p.to()));
    Lsn without = skipped.get(timeline);
    if (without == null || vaults.filter(end -> end.compareTo(without) >= 0).isPresent()) {
      return vaults;
    }
    return Optional.of(without);
  }

  private LogStream log(WalServer.Identity identity, int timeline) {
    return vault.log(WalNames.log(settings.store(), identity.system(), timeline));
  }

  private void ship(WalServer server, WalServer.Identity identity, Leg leg) {
    AtomicLong lastCommit = new AtomicLong(System.nanoTime());
    Stopper heart = new Stopper();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        LegShipment shipment =
            new LegShipment(
                log(identity, leg.timeline()),
                leg,
                identity,
                settings,
                threads,
                this::tell,
                stopper,
                lastCommit);
        tell(new ShipEvent.Shipping(identity.system(), leg.timeline(), leg.from()));
        if (leg.until().isEmpty() && settings.heartbeatEvery().isPositive()) {
          threads.execute(
              new Heartbeat(address, settings.heartbeatEvery(), lastCommit, heart, this::tell));
        }
        CoverageMarks marks =
            new CoverageMarks(vault.records(), settings, identity.system(), leg.timeline());
        boolean complete =
            shipment.run(server, slot, () -> marks.mark(shipment, threads, this::tell));
        if (complete) {
          tell(new ShipEvent.TimelineEnded(leg.timeline(), shipment.end()));
        } else if (!stopper.isStopped()) {
          // Overtaken: leave the other one some room.
          stopper.awaitStop(settings.sealEvery().multipliedBy(2));
        }
      } finally {
        heart.stop();
        threads.shutdownNow();
      }
    }
  }

  private void declareGap(WalServer.Identity identity, Leg leg, ChrysalisException why) {
    try (WalServer server = WalServer.open(address)) {
      long segmentBytes = identity.segmentBytes();
      server.slot(slot).ifPresent(old -> server.dropSlot(slot));
      server.createSlot(slot);
      Lsn kept = server.slot(slot).flatMap(WalServer.Slot::restart).orElseGet(server::position);
      Lsn start = kept.segmentStart(segmentBytes);
      Lsn beyond = leg.from().segmentStart(segmentBytes).plus(segmentBytes);
      Lsn to = leg.until().orElse(start.compareTo(beyond) > 0 ? start : beyond);
      skipped.put(leg.timeline(), to);
      if (leg.until().isPresent()) {
        skipped.put(identity.timeline(), start);
      }
      tell(new ShipEvent.Gap(leg.timeline(), leg.from(), to, String.valueOf(why.getMessage())));
    }
  }
}
