package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import dev.chrysalis.postgres.agent.server.PostmasterFile;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What can refuse a restore, asked before anything is touched: a server that runs, a snapshot that
/// lacks packs, a directory that holds something else, too little room.
final class RestorePreflight {
  private static final long RESERVE_BYTES = 32L << 20;

  private final RestoreLayout layout;
  private final RestoreMark mark;
  private final int segmentBytes;

  RestorePreflight(RestoreLayout layout, RestoreMark mark, int segmentBytes) {
    this.layout = layout;
    this.mark = mark;
    this.segmentBytes = segmentBytes;
  }

  /// How a restore begins. `owner` is who the files are to belong to.
  sealed interface Start {
    /// In an empty directory.
    record Fresh(PrivateFiles owner) implements Start {}

    /// Over what the same job left; `trusted` where its whole files are to be kept.
    record GoOn(PrivateFiles owner, boolean trusted) implements Start {}

    /// The job has ended before, and no server was started on it since.
    record Ended() implements Start {}
  }

  Start check(SnapshotReader reader) throws IOException {
    Path data = layout.dataDirectory();
    PrivateFiles owner = PrivateFiles.like(RestoreLayout.existing(data));
    if (Files.isDirectory(data)) {
      refuseRunning(data);
    }
    if (hasEnded(data, mark)) {
      return new Start.Ended();
    }
    requirePacks(reader, mark.snapshot());
    Optional<RestoreMark> begun = RestoreMark.read(data, RestoreMark.BEGUN);
    if (begun.filter(this::isOurs).isPresent()) {
      requireRoom(bytesThere());
      return new Start.GoOn(owner, begun.get().boot().equals(mark.boot()));
    }
    requireEmpty(data, begun);
    for (Path place : layout.tablespaces().values()) {
      requireEmpty(place, Optional.empty());
    }
    requireRoom(0);
    return new Start.Fresh(owner);
  }

  private boolean isOurs(RestoreMark other) {
    return other.isOf(mark.job(), mark.snapshot());
  }

  /// Whether the restore of that mark has ended, and no server was started since: a server renames
  /// the label when it starts, and from then on the data are its own, not the backup's.
  static boolean hasEnded(Path data, RestoreMark mark) throws IOException {
    return Files.exists(data.resolve("backup_label"))
        && RestoreMark.read(data, RestoreMark.ENDED)
            .filter(other -> other.isOf(mark.job(), mark.snapshot()))
            .isPresent();
  }

  static void requirePacks(SnapshotReader reader, String snapshot) {
    List<String> missing = reader.missingPacks();
    if (!missing.isEmpty()) {
      throw new ChrysalisException(
          VaultErrors.SNAPSHOT_INCOMPLETE,
          "snapshot %s lacks %d packs, the first %s"
              .formatted(snapshot, missing.size(), missing.getFirst()),
          "nothing was touched; restore the vault's objects or choose another snapshot");
    }
  }

  static void refuseRunning(Path data) throws IOException {
    var pid = PostmasterFile.runningPid(data);
    if (pid.isPresent()) {
      throw new ChrysalisException(
          PostgresErrors.SERVER_RUNNING,
          "a server runs on " + data + " (pid " + pid.getAsLong() + ")",
          "stop it and keep it stopped first");
    }
  }

  private static void requireEmpty(Path directory, Optional<RestoreMark> other) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    if (!Files.isDirectory(directory) || !DataDirectoryState.isEmpty(directory)) {
      String whose =
          other.map(mark -> "what job " + mark.job() + " left").orElse("something already");
      throw new ChrysalisException(
          PostgresErrors.NOT_EMPTY,
          directory + " holds " + whose,
          "a restore overwrites nothing: set it aside first");
    }
  }

  private void requireRoom(long there) throws IOException {
    for (Map.Entry<Path, Long> need : layout.bytesByFileSystem().entrySet()) {
      long wanted = need.getValue() + RESERVE_BYTES + 2L * segmentBytes;
      long free = Files.getFileStore(need.getKey()).getUsableSpace();
      if (free + there < wanted) {
        throw new ChrysalisException(
            PostgresErrors.NO_ROOM,
            "%s has %d MiB free, the restore needs %d MiB"
                .formatted(need.getKey(), free >> 20, wanted >> 20),
            "nothing was touched; make room or give the member a larger volume");
      }
    }
  }

  /// What an earlier attempt has written already takes no further room.
  private long bytesThere() throws IOException {
    long bytes = 0;
    try (Stream<Path> all = Files.walk(layout.dataDirectory())) {
      for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        bytes += Files.size(path);
      }
    }
    return bytes;
  }
}
