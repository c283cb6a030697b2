package dev.chrysalis.postgres.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What lies in a data directory, by its files alone, whether a server runs or not.
public sealed interface DataDirectoryState {
  /// There is no such directory.
  record Missing() implements DataDirectoryState {}

  /// It holds nothing (a file system's `lost+found` does not count).
  record Empty() implements DataDirectoryState {}

  /// A restore was begun and has not ended.
  record HalfRestored(RestoreMark mark) implements DataDirectoryState {}

  /// A cluster.
  ///
  /// @param majorVersion what `PG_VERSION` says
  /// @param standbySignal whether it would start as a standby
  /// @param recoverySignal whether it would start into a recovery to a target
  /// @param runningPid the server that runs on it
  /// @param restored the restore that made it, where one did
  record Initialised(
      ControlFile control,
      int majorVersion,
      boolean standbySignal,
      boolean recoverySignal,
      OptionalLong runningPid,
      Optional<RestoreMark> restored)
      implements DataDirectoryState {}

  /// Something else, or a cluster that cannot be started as it is.
  record Damaged(String why) implements DataDirectoryState {}

  /// Looks at a data directory. `VOLUME_FAILED` where it cannot be read.
  static DataDirectoryState read(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        return Files.exists(directory)
            ? new Damaged(directory + " is not a directory")
            : new Missing();
      }
      Optional<RestoreMark> begun = RestoreMark.read(directory, RestoreMark.BEGUN);
      if (begun.isPresent()) {
        return new HalfRestored(begun.get());
      }
      return isEmpty(directory) ? new Empty() : cluster(directory);
    } catch (IOException | UncheckedIOException e) {
      throw new ChrysalisException(
          PostgresErrors.VOLUME_FAILED,
          "cannot read the data directory " + directory + ": " + e,
          "look at the volume and at the agent's rights on it",
          e);
    }
  }

  /// Whether a directory holds nothing that counts.
  static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.allMatch(
          entry -> entry.endsWith("lost+found") || entry.endsWith(RestoreMark.BEING_WRITTEN));
    }
  }

  private static DataDirectoryState cluster(Path directory) throws IOException {
    Path versionFile = directory.resolve("PG_VERSION");
    if (!Files.isRegularFile(versionFile)) {
      return new Damaged("there is no PG_VERSION");
    }
    String version = Files.readString(versionFile).strip();
    if (!version.matches("[1-9][0-9]")) {
      return new Damaged("PG_VERSION does not name a version");
    }
    try {
      Optional<ControlFile> control = ControlFile.read(directory);
      if (control.isEmpty()) {
        return new Damaged("there is no " + ControlFile.PATH);
      }
      return new Initialised(
          control.get(),
          Integer.parseInt(version),
          Files.exists(directory.resolve("standby.signal")),
          Files.exists(directory.resolve("recovery.signal")),
          PostmasterFile.runningPid(directory),
          RestoreMark.read(directory, RestoreMark.ENDED));
    } catch (ChrysalisException e) {
      if (e.code().equals(PostgresErrors.VOLUME_FAILED)) {
        throw e;
      }
      return new Damaged(String.valueOf(e.getMessage()));
    }
  }
}
