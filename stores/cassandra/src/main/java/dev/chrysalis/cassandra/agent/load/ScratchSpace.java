package dev.chrysalis.cassandra.agent.load;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.LeftOvers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/// Where the files of one table after another lie for a while.
///
/// @param root a private folder that nobody else uses
record ScratchSpace(Path root) {
  private static final String ELSEWHERE = "name another folder for scratch: --scratch";

  /// `NO_ROOM` where it has less than that.
  void require(long bytes) {
    try {
      long free = Files.getFileStore(root).getUsableSpace();
      if (free < bytes) {
        throw new ChrysalisException(
            CassandraErrors.NO_ROOM,
            "%s has %d MiB free, and %d MiB are needed there"
                .formatted(root, free >> 20, bytes >> 20),
            "nothing was touched; " + ELSEWHERE);
      }
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot look at", root, e, ELSEWHERE);
    }
  }

  /// Does something in an empty folder, which is emptied again; what a failure leaves goes with the
  /// root.
  <T> T with(Function<Path, T> work) {
    Path folder = empty("table");
    T result = work.apply(folder);
    try {
      remove(folder);
      return result;
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot use", folder, e, ELSEWHERE);
    }
  }

  /// Makes an empty folder that stays, in place of one of that name.
  Path empty(String name) {
    Path folder = root.resolve(name);
    try {
      remove(folder);
      return Files.createDirectory(folder);
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot use", folder, e, ELSEWHERE);
    }
  }

  private static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      Files.walkFileTree(folder, new LeftOvers(folder));
      Files.delete(folder);
    }
  }
}
