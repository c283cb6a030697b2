package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.volumes.FileWriter;
import dev.chrysalis.volumes.ParallelWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// How every restore ends, once the files have their content:
///
/// 1. the recovery's settings and signal file are written, the tablespace map with the new places;
/// 2. everything is synced;
/// 3. the control file gets its name: only now a server would start on it;
/// 4. the mark is renamed to `chrysalis-restored.json`: only now it is done.
final class RestoreEnd {
  private final RestoreLayout layout;
  private final PrivateFiles files;
  private final CopyProgress progress;
  private final int threads;

  RestoreEnd(RestoreLayout layout, PrivateFiles files, CopyProgress progress, int threads) {
    this.layout = layout;
    this.files = files;
    this.progress = progress;
    this.threads = threads;
  }

  void run(RecoverySettings recovery) throws IOException {
    Path data = layout.dataDirectory();
    Path control = data.resolve(ControlFile.PATH);
    writeTablespaceMap();
    RecoveryFiles.write(data, recovery);
    syncAll();
    files.rename(FileWriter.temporary(control), control);
    files.rename(data.resolve(RestoreMark.BEGUN), data.resolve(RestoreMark.ENDED));
  }

  /// The server makes its links anew from this file, so it must name the new places. Backslash and
  /// line ends are escaped in it.
  private void writeTablespaceMap() throws IOException {
    if (layout.tablespaces().isEmpty()) {
      return;
    }
    StringBuilder map = new StringBuilder();
    layout
        .tablespaces()
        .forEach((oid, place) -> {
          String escaped = place.toString().replaceAll("([\\\\\n\r])", "\\\\$1");
          map.append(oid).append(' ').append(escaped).append('\n');
        });
    files.replace(layout.dataDirectory().resolve("tablespace_map"), map.toString());
  }

  private void syncAll() throws IOException {
    AtomicLong done = new AtomicLong();
    try (ParallelWork<Path> work =
        new ParallelWork<>(threads, PostgresErrors.INTERRUPTED, () -> path -> sync(path, done))) {
      for (Path place : layout.tablespaces().values()) {
        submitAll(place, work);
      }
      submitAll(layout.dataDirectory(), work);
      work.finish();
    }
    PrivateFiles.sync(PrivateFiles.parent(layout.dataDirectory()));
  }

  private static void submitAll(Path root, ParallelWork<Path> work) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        if (!Files.isSymbolicLink(path)) {
          work.submit(path);
        }
      }
    }
    PrivateFiles.sync(PrivateFiles.parent(root));
  }

  private void sync(Path path, AtomicLong done) {
    try {
      PrivateFiles.sync(path);
    } catch (IOException e) {
      throw PostgresErrors.VOLUME.of(
          "cannot make durable", path, e, "look at the volume: what was written may be lost");
    }
    progress.progress("syncing files", done.incrementAndGet(), 0);
  }
}
