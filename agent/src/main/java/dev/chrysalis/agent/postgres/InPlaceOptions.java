package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.postgres.agent.files.FileRestore;
import dev.chrysalis.postgres.agent.files.InPlaceRestore;
import dev.chrysalis.postgres.agent.files.TakeBack;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import dev.chrysalis.vault.Vault;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether a restore goes over the cluster that is there, and how that is taken back.
final class InPlaceOptions {
  @Option(
      names = "--in-place",
      description =
          "restore over the cluster that is in the data directory, writing only what differs; what is"
              + " replaced is kept there until the server was started")
  private boolean wanted;

  @Option(
      names = "--no-way-back",
      description = "with --in-place: keep nothing of what is replaced")
  private boolean noWayBack;

  @Option(
      names = "--undo",
      paramLabel = "NAME",
      description = "take the restore in place of that name back, whether it ended or broke off")
  private @Nullable String undo;

  /// Refuses options that contradict each other.
  void check() {
    if (noWayBack && !wanted) {
      throw bad("--no-way-back only goes with --in-place", null);
    }
    if (undo != null && wanted) {
      throw bad("--undo and --in-place do not go together", null);
    }
  }

  boolean wanted() {
    return wanted;
  }

  Optional<String> undo() {
    return Optional.ofNullable(undo);
  }

  FileRestore.Restored restore(
      Vault vault, FileRestore.Request request, int threads, Report report) {
    try {
      return new InPlaceRestore(vault, new ReportedCopy(report), threads, noWayBack).run(request);
    } catch (ChrysalisException e) {
      if (DataDirectoryState.read(request.dataDirectory())
          instanceof DataDirectoryState.HalfRestored half) {
        report.note(
            "the directory is half restored, no server starts on it: repeat the command to go on"
                + (noWayBack ? "" : ", or take it back with --undo " + half.mark().job()));
      }
      throw e;
    }
  }

  Map<String, String> takeBack(Path dataDirectory, Report report) {
    long undone = new TakeBack(new ReportedCopy(report)).run(dataDirectory, name());
    return Map.of("undone", Long.toString(undone));
  }

  private JobId name() {
    try {
      return new JobId(undo().orElseThrow());
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()), e);
    }
  }

  private static ChrysalisException bad(String what, @Nullable Throwable cause) {
    return new ChrysalisException(
        AgentErrors.BAD_COMMAND, what, "see agent postgres restore --help", cause);
  }
}
