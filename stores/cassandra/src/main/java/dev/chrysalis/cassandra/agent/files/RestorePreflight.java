package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What can refuse a restore, asked before anything is touched: a server that runs, a snapshot that
/// lacks packs, folders that hold something else, too little room.
final class RestorePreflight {
  private static final long RESERVE_BYTES = 64L << 20;
  private static final Set<String> OF_NOBODY = Set.of("lost+found", RestoreMark.BEING_WRITTEN);

  private final RestoreLayout layout;
  private final RestoreMark mark;
  private final CassandraNode node;
  private final long logBytes;

  /// @param logBytes of the segments that are laid beside the tables
  RestorePreflight(RestoreLayout layout, RestoreMark mark, CassandraNode node, long logBytes) {
    this.layout = layout;
    this.mark = mark;
    this.node = node;
    this.logBytes = logBytes;
  }

  /// How a restore begins.
  enum Start {
    FRESH,
    /// Over what the same job left, in another boot of the machine or with a doubtful disk: what is
    /// there is removed.
    AGAIN,
    /// Over what the same job left: its whole files are kept.
    GO_ON,
    /// The job has ended before.
    ENDED
  }

  Start check(SnapshotReader reader) throws IOException {
    StoppedNode.require(node);
    Path first = layout.folders().data().getFirst();
    if (isOurs(RestoreMark.read(first, RestoreMark.ENDED))) {
      return Start.ENDED;
    }
    requirePacks(reader);
    Optional<RestoreMark> begun = RestoreMark.read(first, RestoreMark.BEGUN);
    if (isOurs(begun)) {
      requireRoom(true);
      boolean trusted = begun.orElseThrow().boot().equals(mark.boot());
      return trusted ? Start.GO_ON : Start.AGAIN;
    }
    for (Path folder : layout.folders().all()) {
      requireEmpty(folder, begun);
    }
    requireRoom(false);
    return Start.FRESH;
  }

  private boolean isOurs(Optional<RestoreMark> other) {
    return other.filter(o -> o.isOf(mark.job(), mark.snapshot())).isPresent();
  }

  private void requirePacks(SnapshotReader reader) {
    List<String> missing = reader.missingPacks();
    if (!missing.isEmpty()) {
      throw new ChrysalisException(
          VaultErrors.SNAPSHOT_INCOMPLETE,
          "snapshot %s lacks %d packs, the first %s"
              .formatted(mark.snapshot(), missing.size(), missing.getFirst()),
          "nothing was touched; restore the vault's objects or choose another snapshot");
    }
  }

  private static void requireEmpty(Path folder, Optional<RestoreMark> other) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
      for (Path path : content) {
        if (!OF_NOBODY.contains(String.valueOf(path.getFileName()))) {
          String whose =
              other.map(o -> "what job " + o.job() + " left").orElse(String.valueOf(path));
          throw new ChrysalisException(
              CassandraErrors.NOT_EMPTY,
              folder + " is not empty: it holds " + whose,
              "nothing was touched; a restore overwrites nothing: set it aside first");
        }
      }
    }
  }

  /// @param begun whether what an earlier attempt wrote is there and takes no further room
  private void requireRoom(boolean begun) throws IOException {
    Map<Path, Long> needs = new HashMap<>();
    layout.bytes().forEach((disk, bytes) -> needs.put(layout.folders().data().get(disk), bytes));
    needs.merge(layout.folders().commitLog(), logBytes, Long::sum);
    Map<FileStore, Long> wanted = new HashMap<>();
    Map<FileStore, Path> places = new HashMap<>();
    for (Map.Entry<Path, Long> need : needs.entrySet()) {
      Path folder = need.getKey();
      FileStore store = Files.getFileStore(existing(folder));
      long more = need.getValue() - (begun ? bytesIn(folder) : 0);
      wanted.merge(store, more, Long::sum);
      places.putIfAbsent(store, folder);
    }
    for (Map.Entry<FileStore, Long> each : wanted.entrySet()) {
      long free = each.getKey().getUsableSpace();
      long needed = each.getValue() + RESERVE_BYTES;
      if (free < needed) {
        throw new ChrysalisException(
            CassandraErrors.NO_ROOM,
            "%s has %d MiB free, the restore needs %d MiB"
                .formatted(places.get(each.getKey()), free >> 20, needed >> 20),
            "nothing was touched; make room or give the member a larger volume");
      }
    }
  }

  private static Path existing(Path folder) {
    Path there = folder.toAbsolutePath();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there;
  }

  private static long bytesIn(Path folder) throws IOException {
    long bytes = 0;
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
          bytes += Files.size(path);
        }
      }
    }
    return bytes;
  }
}
