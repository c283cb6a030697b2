package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.NodeBackup;
import dev.chrysalis.cassandra.agent.server.NodeSession;
import dev.chrysalis.cassandra.archive.MemberLogs;
import dev.chrysalis.cassandra.archive.PieceFacts;
import dev.chrysalis.cassandra.server.TestNode;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/// A shipper at work beside a node; killed when it is closed.
public final class TestShipper implements AutoCloseable {
  private final Thread thread;

  public TestShipper(
      Vault vault, String store, MemberId member, TestNode node, Consumer<ShipEvent> events) {
    this(vault, store, member, node, events, () -> true);
  }

  /// @param takesBases whether bases can be taken
  TestShipper(
      Vault vault,
      String store,
      MemberId member,
      TestNode node,
      Consumer<ShipEvent> events,
      BooleanSupplier takesBases) {
    CommitLogShipper shipper =
        new CommitLogShipper(
            vault,
            new ShipperSettings(
                store,
                member,
                node.folders().data(),
                node.folders().commitLog(),
                Duration.ofMillis(200),
                64 << 10,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                64 << 20),
            new CommitLogShipper.Node() {
              @Override
              public Snapshot base(LogName log) {
                if (!takesBases.getAsBoolean()) {
                  throw new ChrysalisException(
                      CassandraErrors.UNREACHABLE, "no base can be taken", "wait");
                }
                return backUp(
                    vault, store, member, node, log.stream().replace('/', '-'), Optional.of(log));
              }

              @Override
              public String schemaVersion() {
                try (NodeSession session = node.connection().open()) {
                  return session.schemaVersion();
                }
              }
            },
            Clock.systemUTC(),
            new Random(),
            events);
    thread = Thread.ofVirtual().start(shipper);
  }

  /// A snapshot of a node.
  public static Snapshot backUp(
      Vault vault,
      String store,
      MemberId member,
      TestNode node,
      String backup,
      Optional<LogName> log) {
    return new NodeBackup(node.connection(), vault, CopyProgress.silent(), Clock.systemUTC(), 2)
        .run(new NodeBackup.Request(store, member, backup, node.folders(), log));
  }

  /// Waits until all that was synced by then is in the vault.
  public static void awaitShipped(Vault vault, String store, MemberId member, Instant moment) {
    awaitPiece(vault, store, member, piece -> !piece.asOf().isBefore(moment));
  }

  /// Waits until the log says what the schema was after that.
  public static void awaitSchemaSeen(Vault vault, String store, MemberId member, Instant moment) {
    awaitPiece(vault, store, member, piece -> piece.schema().at().isAfter(moment));
  }

  private static void awaitPiece(
      Vault vault, String store, MemberId member, Predicate<PieceFacts> wanted) {
    MemberLogs logs = new MemberLogs(vault, store, member);
    Awaitility.await("the log of " + member)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .until(() ->
            logs.newest()
                .flatMap(log -> vault.log(log).newest())
                .map(PieceFacts::of)
                .filter(wanted)
                .isPresent());
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
