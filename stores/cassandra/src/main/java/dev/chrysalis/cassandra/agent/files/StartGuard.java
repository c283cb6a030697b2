package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Keeps every server from starting on folders that are not whole: an SSTable of a format that no
/// server reads. Before anything else Cassandra looks at the names of all its files and ends where
/// it would not be able to read one (`StartupChecks`, "Detected unreadable sstables"); its message
/// names the file, and the file says why.
final class StartGuard {
  private static final String TABLE =
      "system/chrysalis_restore_is_not_done-00000000000000000000000000000000";
  private static final String FILE = "zz-1-big-Data.db";

  private final Path folder;

  /// @param data a node's first folder of tables
  StartGuard(Path data) {
    this.folder = data.resolve(TABLE);
  }

  void lay(PrivateFiles files) throws IOException {
    files.directories(folder, 0755);
    files.create(folder.resolve(FILE)).close();
    PrivateFiles.sync(folder);
    PrivateFiles.sync(PrivateFiles.parent(folder));
  }

  /// Empties a folder of tables of everything but the guard and the mark of the restore.
  void removeAllElseIn(Path data) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        boolean stays =
            path.equals(data)
                || folder.startsWith(path)
                || path.startsWith(folder)
                || path.equals(data.resolve(RestoreMark.BEGUN))
                || path.endsWith("lost+found");
        if (!stays) {
          Files.delete(path);
        }
      }
    }
    PrivateFiles.sync(data);
  }

  /// Does nothing where there is none.
  void lift() throws IOException {
    Files.deleteIfExists(folder.resolve(FILE));
    Files.deleteIfExists(folder);
    if (Files.isDirectory(PrivateFiles.parent(folder))) {
      PrivateFiles.sync(PrivateFiles.parent(folder));
    }
  }
}
