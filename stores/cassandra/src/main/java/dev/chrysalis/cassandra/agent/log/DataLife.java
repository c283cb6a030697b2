package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.platform.volume.RestoreMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Which life a node's data lives. A restore, or a fresh volume, begins another one: what is
/// written then does not follow what was written before, though the segments' ids go on counting.
///
/// @param data a node's first folder of tables
record DataLife(Path data) {
  /// The job that restored it, and the inode of the system tables' folder, which every server makes
  /// anew on an empty volume.
  String now() {
    try {
      String job =
          RestoreMark.read(data, RestoreMark.BEGUN)
              .or(this::ended)
              .map(mark -> mark.job() + "-" + mark.snapshot())
              .orElse("own");
      return job + "/" + Files.getAttribute(data.resolve("system"), "unix:ino");
    } catch (NoSuchFileException e) {
      return "none";
    } catch (IOException e) {
      throw Segment.unreadable(data, e);
    }
  }

  private Optional<RestoreMark> ended() {
    try {
      return RestoreMark.read(data, RestoreMark.ENDED);
    } catch (IOException e) {
      throw Segment.unreadable(data, e);
    }
  }
}
