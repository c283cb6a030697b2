package dev.chrysalis.postgres.agent.wal;

import static org.awaitility.Awaitility.await;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresServer;
import dev.chrysalis.postgres.TestPostgres;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A shipper in a thread of its own, for tests.
final class RunningShipper implements AutoCloseable {
  static final String STORE = "postgres";

  final List<ShipEvent> events = new CopyOnWriteArrayList<>();
  private final WalShipper shipper;
  private final Thread thread;

  RunningShipper(Vault vault, ShipperSettings settings) {
    shipper = new WalShipper(vault, settings, events::add);
    thread = Thread.ofVirtual().start(shipper);
  }

  static RunningShipper of(Vault vault, TestPostgres server, String member) {
    return new RunningShipper(vault, settings(server.server(), member));
  }

  static ShipperSettings settings(PostgresServer server, String member) {
    return new ShipperSettings(
        STORE,
        MemberId.parse(member),
        server,
        Duration.ofMillis(200),
        1 << 20,
        Duration.ofMillis(500),
        Duration.ofMillis(500),
        Duration.ofMillis(500));
  }

  static long system(TestPostgres server) {
    return Long.parseLong(server.query("select system_identifier from pg_control_system()"));
  }

  static int timeline(TestPostgres server) {
    return Integer.parseInt(server.query("select timeline_id from pg_control_checkpoint()"));
  }

  /// Waits until all that the primary has written is in the vault.
  static void awaitAll(WalArchive archive, TestPostgres primary, int timeline) {
    long system = system(primary);
    Lsn end = primary.currentLsn();
    archive.awaitCovered(system, timeline, end, Duration.ofSeconds(60));
  }

  <E extends ShipEvent> List<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <E extends ShipEvent> E awaitEvent(Class<E> type) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !events(type).isEmpty());
    return events(type).getLast();
  }

  @Override
  public void close() {
    shipper.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
