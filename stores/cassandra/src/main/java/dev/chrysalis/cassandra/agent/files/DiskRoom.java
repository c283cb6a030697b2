package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The room that a node's disks have while a snapshot lies on them, which keeps the space of all
/// that is compacted meanwhile. The server's writes come first: it is asked too much where a disk
/// that had more has less than 1 GiB, and less than half of what it had. For many threads.
final class DiskRoom {
  private static final long ENOUGH = 1L << 30;

  private final Map<Path, Disk> disks;

  private record Disk(FileStore store, long least) {}

  private DiskRoom(Map<Path, Disk> disks) {
    this.disks = Map.copyOf(disks);
  }

  /// As it is when the snapshot has been taken, which flushes the server's tables.
  static DiskRoom of(List<Path> folders) {
    Map<Path, Disk> disks = new HashMap<>();
    for (Path folder : folders) {
      try {
        FileStore store = Files.getFileStore(folder);
        disks.put(folder, new Disk(store, least(store.getUsableSpace())));
      } catch (IOException e) {
        throw unreadable(folder, e);
      }
    }
    return new DiskRoom(disks);
  }

  /// How much is to stay free of so much.
  static long least(long free) {
    return Math.min(ENOUGH, free / 2);
  }

  /// `NO_ROOM` where there is too little now.
  void require() {
    disks.forEach((folder, disk) -> {
      try {
        require(folder, disk.store().getUsableSpace(), disk.least());
      } catch (IOException e) {
        throw unreadable(folder, e);
      }
    });
  }

  static void require(Path folder, long free, long least) {
    if (free < least) {
      throw new ChrysalisException(
          CassandraErrors.NO_ROOM,
          "the disk of %s has %d MiB free, and the snapshot that is copied keeps more of it"
              .formatted(folder, free >> 20),
          "the snapshot was cleared, so that the node can go on; make room, then back it up again");
    }
  }

  private static ChrysalisException unreadable(Path folder, IOException e) {
    return CassandraErrors.VOLUME.of(
        "cannot read", folder, e, "look at the volume and at the agent's rights on it");
  }
}
