package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.files.WalCoverageWait;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.postgres.agent.server.ServerStateReader;
import dev.chrysalis.postgres.agent.wal.ShipEvent;
import dev.chrysalis.postgres.agent.wal.ShipperSettings;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalShipper;
import dev.chrysalis.postgres.agent.wal.WalWay;
import dev.chrysalis.vault.Vault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Sees to it that the WAL of a backup reaches the vault.
///
/// 1. Where a shipper's slot is in use on the server, somebody ships already. (That the vault's WAL
///    is fresh would prove nothing: its shipper may have died a moment ago.)
/// 2. Else, on a primary, and also when the WAL does not come for a while, a shipper of our own
///    runs from before the backup until its end, with a slot of its own name, which is dropped
///    afterwards: a slot that nobody reads fills the volume.
/// 3. What a killed backup of this member left of that slot is dropped at the beginning.
/// 4. The backup waits until the vault holds all that it needs.
final class BackupShipping implements WalCoverageWait, AutoCloseable {
  private static final Duration OTHERS_TURN = Duration.ofSeconds(15);
  private static final Duration SHIPPER_START = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final String WORKLOAD = "backup-of-";

  private final ServerConnection server;
  private final Vault vault;
  private final String store;
  private final MemberId member;
  private final WalArchive archive;
  private final long system;
  private final Duration patience;
  private final Report report;
  private @Nullable WalShipper shipper;
  private @Nullable Thread thread;

  private BackupShipping(
      ServerConnection server,
      Vault vault,
      String store,
      MemberId member,
      long system,
      Duration patience,
      Report report) {
    this.server = server;
    this.vault = vault;
    this.store = store;
    this.member = member;
    this.archive = new WalArchive(vault, store);
    this.system = system;
    this.patience = patience;
    this.report = report;
  }

  static BackupShipping begin(
      ServerConnection server,
      Vault vault,
      String store,
      MemberId member,
      Duration patience,
      Report report)
      throws InterruptedException {
    ServerState state = state(server);
    long system = Long.parseUnsignedLong(state.systemIdentifier());
    BackupShipping shipping =
        new BackupShipping(server, vault, store, member, system, patience, report);
    shipping.dropSlot("dropping the replication slot of a backup that was killed");
    boolean shipped = shipping.isShipped();
    if (!shipped && state.role() == ServerState.Role.PRIMARY) {
      report.note("nobody ships this server's WAL: shipping it for the time of the backup");
      try {
        shipping.ship();
      } catch (ChrysalisException | InterruptedException e) {
        shipping.close();
        throw e;
      }
    }
    return shipping;
  }

  private void ship() throws InterruptedException {
    MemberId own = own();
    BlockingQueue<ShipEvent> events = new LinkedBlockingQueue<>();
    WalShipper running =
        new WalShipper(vault, ShipperSettings.of(store, own, server.server()), events::add);
    shipper = running;
    thread = Thread.ofVirtual().name("backup-shipper").start(running);
    long until = System.nanoTime() + SHIPPER_START.toNanos();
    while (true) {
      ShipEvent event = events.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      switch (event) {
        case null -> throw notShipping("no word from the shipper");
        case ShipEvent.Shipping _ -> {
          return;
        }
        case ShipEvent.Conflict(ChrysalisException error) -> throw error;
        case ShipEvent.ServerFailing(ChrysalisException error) -> throw error;
        case ShipEvent.VaultFailing(ChrysalisException error) -> throw error;
        case ShipEvent.StandingBy _ -> throw notShipping("the server became a standby");
        case ShipEvent.Sealed _,
            ShipEvent.TimelineEnded _,
            ShipEvent.Gap _,
            ShipEvent.SlotLost _,
            ShipEvent.Overtaken _ -> {}
      }
    }
  }

  @Override
  public void awaitCovered(int timeline, Lsn from, Lsn to) {
    WalWay way = new WalWay(archive, system);
    long begun = System.nanoTime();
    long until = begun + patience.toNanos();
    while (!way.leads(timeline, from, to)) {
      Optional<Lsn> covered = archive.coveredThrough(system, timeline);
      if (System.nanoTime() > until) {
        throw notShipping(
            "the vault holds timeline %d up to %s, the backup needs %s to %s"
                .formatted(timeline, covered.map(Lsn::toString).orElse("nothing"), from, to));
      }
      report.progress("waiting for the WAL in the vault", 0, 0);
      if (shipper == null && System.nanoTime() - begun > OTHERS_TURN.toNanos()) {
        shipLate();
      }
      LockSupport.parkNanos(LOOK.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(null);
      }
    }
  }

  private void shipLate() {
    if (state(server).role() != ServerState.Role.PRIMARY) {
      return;
    }
    report.note("the backup's WAL does not come: shipping it too");
    try {
      ship();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  /// Whether a shipper other than a backup's is connected to this server.
  private boolean isShipped() {
    try (Connection connection = server.openToLook();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT count(*) > 0 FROM pg_replication_slots WHERE active"
                    + " AND slot_name LIKE 'chrysalis%' AND position('backup_of' in slot_name) = 0");
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static ChrysalisException interrupted(@Nullable Throwable cause) {
    return new ChrysalisException(
        AgentErrors.TERMINATED, "interrupted while waiting for WAL", "start it again", cause);
  }

  @Override
  public void close() {
    if (shipper == null || thread == null) {
      return;
    }
    shipper.close();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(Duration.ofSeconds(15));
      dropSlot("dropping the backup's replication slot");
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private MemberId own() {
    return new MemberId(WORKLOAD + member.workload(), member.ordinal());
  }

  private void dropSlot(String why) {
    try (Connection connection = server.openToLook();
        PreparedStatement drop =
            connection.prepareStatement(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                    + " WHERE slot_name = ? AND NOT active")) {
      drop.setString(1, ShipperSettings.of(store, own(), server.server()).slot());
      try (ResultSet dropped = drop.executeQuery()) {
        if (dropped.next()) {
          report.progress(why, 0, 0);
        }
      }
    } catch (SQLException | ChrysalisException e) {
      report.note("the replication slot of a backup could not be dropped: " + e.getMessage());
    }
  }

  private static ServerState state(ServerConnection server) {
    try (Connection connection = server.openToLook()) {
      return ServerStateReader.read(connection);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static ChrysalisException unreadable(SQLException e) {
    return new ChrysalisException(
        PostgresErrors.UNREACHABLE,
        "the server's state cannot be read: " + e.getMessage(),
        "see the server's log",
        e);
  }

  private static ChrysalisException notShipping(String why) {
    return new ChrysalisException(
        PostgresErrors.NOT_COVERED,
        why,
        "see whether the WAL shipper of the primary runs and reaches the vault");
  }
}
