package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.cassandra.archive.NodePoint;
import dev.chrysalis.cassandra.archive.RingInVault;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.vault.Vault;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// As of when: all that is in the vault, a moment, or a backup without the log behind it.
final class MomentOptions {
  @Option(
      names = "--backup",
      paramLabel = "NAME",
      description = "that backup of the ring, without the log behind it")
  private @Nullable String backup;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description =
          "a moment with its zone: 2026-11-27T02:15:30Z (all that is in the vault). All nodes of a"
              + " ring need the same one")
  private @Nullable String to;

  @Option(
      names = "--sync-period",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "the server's commitlog_sync_period (10)")
  private long syncPeriod;

  Optional<String> backup() {
    if (backup != null && to != null) {
      throw bad("--backup excludes --to", null);
    }
    return Optional.ofNullable(backup);
  }

  Optional<Instant> moment() {
    try {
      return Optional.ofNullable(to).map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw bad("not a moment with its zone: " + to, e);
    }
  }

  /// How much later than acknowledged a write may be synced.
  Duration synced() {
    return Datastore.Kind.Cassandra.syncedWithin(Duration.ofSeconds(syncPeriod));
  }

  /// What brings each node of the ring there. `OUT_OF_WINDOW` or `NO_RESTORE_POINT` where nothing
  /// does.
  Map<MemberId, NodePoint> points(Vault vault, String store, InstantSource clock) {
    RingInVault ring = new RingInVault(vault, store, synced(), clock);
    return backup().map(ring::pointsOf).orElseGet(() -> ring.points(moment()));
  }

  static ChrysalisException bad(String message, @Nullable Throwable cause) {
    return new ChrysalisException(
        AgentErrors.BAD_COMMAND,
        message,
        "see --help: agent cassandra restore, load, compare and examine",
        cause);
  }
}
