package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.archive.RestoreChoice;
import dev.chrysalis.redis.archive.RestoreSearch;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is to be restored: a snapshot and the end of its log, as a controller has chosen them, or a
/// moment, or the newest.
final class RestorePointOptions {
  @Option(
      names = "--snapshot",
      paramLabel = "ID",
      description = "the base: chrysalis restore-points (the one that leads to --at)")
  private @Nullable String snapshot;

  @Option(
      names = "--log",
      paramLabel = "STREAM",
      description = "the log behind the base; with --to (none: the base alone)")
  private @Nullable String log;

  @Option(names = "--to", paramLabel = "POSITION", description = "where the log is cut")
  private @Nullable Long to;

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      description = "instead of these, a moment with its zone: 2026-11-26T02:15:00Z (the newest)")
  private @Nullable String at;

  RestoreChoice choose(Vault vault, String store) {
    RestoreSearch search = new RestoreSearch(vault, store, Clock.systemUTC());
    try {
      if (snapshot == null) {
        require(log == null && to == null, "--log and --to only go with --snapshot");
        return search.choose(Optional.ofNullable(at).map(Instant::parse));
      }
      require(at == null, "--snapshot and --at exclude each other");
      require((log == null) == (to == null), "--log and --to belong together");
      return checked(search.chosen(new SnapshotId(snapshot), Optional.ofNullable(to)));
    } catch (DateTimeParseException e) {
      throw bad("not a moment: " + at, e);
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()), e);
    }
  }

  private RestoreChoice checked(RestoreChoice chosen) {
    String behind = chosen.log().map(stretch -> stretch.log().stream()).orElse("");
    require(
        log == null || log.equals(behind),
        "the log behind snapshot %s is not %s".formatted(snapshot, log));
    return chosen;
  }

  private static void require(boolean fits, String otherwise) {
    if (!fits) {
      throw bad(otherwise, null);
    }
  }

  private static ChrysalisException bad(String message, @Nullable Throwable cause) {
    return new ChrysalisException(
        AgentErrors.BAD_COMMAND,
        message,
        "see what can be restored: chrysalis restore-points",
        cause);
  }
}
