package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.volumes.EarlySync;
import dev.chrysalis.volumes.FileWriter;
import dev.chrysalis.volumes.ParallelWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Restores a base backup over the data directory of a stopped server, writing only what differs:
///
/// 1. everything that can refuse is asked before anything is touched (`InPlacePreflight`);
/// 2. a mark with the job's name is laid down, then the control file is taken away: from now on no
///    server starts on the directory;
/// 3. what the snapshot does not hold is removed, all WAL with it (`StrayFiles`);
/// 4. directories, links, modes and sizes become what they are to be;
/// 5. every file is read and hashed by several threads; pages that differ are overwritten, and
///    files that are missing are written whole;
/// 6. `RestoreEnd`: settings, everything synced, the control file last.
///
/// Properties: a crash between any two of these leaves a directory on which no server starts; the
/// same job, repeated, compares again and goes on. Unless the operator does without, everything
/// that is replaced is kept first (`UndoableChanges`), so that `TakeBack` brings the directory
/// back, byte for byte, as long as no server was started on it. Memory: 0.5 MiB a thread, 8 MiB for
/// changes, 8 bytes a file.
///
/// Errors: as `FileRestore`, and `NOT_A_DATA_DIRECTORY`, `OTHER_CLUSTER`, `NO_WAY_BACK`,
/// `UNDO_DAMAGED`.
public final class InPlaceRestore {
  /// Written anew by every restore, whatever the snapshot holds.
  private static final List<String> REPLACED =
      List.of("postgresql.auto.conf", "recovery.signal", "standby.signal", "tablespace_map");

  private final Vault vault;
  private final CopyProgress progress;
  private final int threads;
  private final boolean noWayBack;

  /// @param threads how many read and compare at once
  /// @param noWayBack whether to keep nothing of what is replaced
  public InPlaceRestore(Vault vault, CopyProgress progress, int threads, boolean noWayBack) {
    this.vault = vault;
    this.progress = progress;
    this.threads = threads;
    this.noWayBack = noWayBack;
  }

  /// Runs a restore to its end. The request's data directory holds a cluster; its tablespaces stay
  /// where they are.
  public FileRestore.Restored run(FileRestore.Request request) {
    try (SnapshotReader reader = vault.openSnapshot(request.store(), request.snapshot())) {
      return run(request, reader);
    } catch (IOException | UncheckedIOException e) {
      throw PostgresErrors.VOLUME.of(
          "cannot restore over",
          request.dataDirectory(),
          e,
          "look at the volume and at the agent's rights on it; then repeat the restore");
    }
  }

  private FileRestore.Restored run(FileRestore.Request request, SnapshotReader reader)
      throws IOException {
    BackupFacts facts = BackupFacts.fromMap(reader.snapshot().facts());
    Path data = request.dataDirectory().toAbsolutePath().normalize();
    RestoreLayout layout =
        RestoreLayout.of(reader, data, TablespacePlaces.inUse(data, request.tablespaces()));
    RestoreMark mark = RestoreMark.ofThisBoot(request.job().value(), request.snapshot().value());
    UndoPlaces undo = new UndoPlaces(data, mark.job());
    KnownPaths known = new KnownPaths();
    Map<Path, Long> growth = survey(reader, layout, known);
    long changed =
        switch (new InPlacePreflight(layout, mark, facts, undo).check(reader, growth, noWayBack)) {
          case RestorePreflight.Start.Ended() -> {
            RecoveryFiles.write(data, request.recovery());
            yield 0L;
          }
          case RestorePreflight.Start.Fresh(PrivateFiles owner) -> {
            forgetUseless(data);
            yield restore(request, reader, layout, mark, known, owner);
          }
          case RestorePreflight.Start.GoOn(PrivateFiles owner, boolean _) ->
              restore(request, reader, layout, mark, known, owner);
        };
    return new FileRestore.Restored(
        reader.snapshot(),
        facts,
        layout.files(),
        layout.totalBytes(),
        layout.totalBytes() - changed,
        layout.tablespaces());
  }

  /// Removes what earlier restores in place keep where it is of no use any more: once a server was
  /// started there is no label, or no mark.
  public static void forgetUseless(Path data) throws IOException {
    boolean untouched =
        Files.exists(data.resolve(RestoreMark.ENDED)) && Files.exists(data.resolve("backup_label"));
    if (!untouched) {
      for (UndoPlaces old : UndoPlaces.of(data)) {
        old.remove();
      }
    }
  }

  /// Learns the snapshot's paths; how many bytes its files have more than those that are there, for
  /// the data directory and each tablespace.
  private static Map<Path, Long> survey(
      SnapshotReader reader, RestoreLayout layout, KnownPaths known) throws IOException {
    Map<Path, Long> growth = new HashMap<>();
    try (Stream<FileEntry> entries = reader.entries()) {
      for (FileEntry entry : (Iterable<FileEntry>) entries::iterator) {
        if (!REPLACED.contains(entry.path())) {
          known.add(entry.kind(), entry.path());
        }
        Path path = layout.pathOf(entry);
        long there = isFile(path) ? Files.size(path) : 0;
        growth.merge(layout.rootOf(entry.path()), Math.max(0, entry.size() - there), Long::sum);
      }
    }
    return growth;
  }

  private long restore(
      FileRestore.Request request,
      SnapshotReader reader,
      RestoreLayout layout,
      RestoreMark mark,
      KnownPaths known,
      PrivateFiles files)
      throws IOException {
    Path data = layout.dataDirectory();
    int major = BackupFacts.fromMap(reader.snapshot().facts()).majorVersion();
    AtomicLong changed = new AtomicLong();
    try (Changes changes = changes(data, mark, files)) {
      files.replace(data.resolve(RestoreMark.BEGUN), mark.toJson());
      changes.removeControlFile();
      new StrayFiles(data, major, known, changes).remove();
      changes.flush();
      shape(reader, layout, files, changes);
      changes.flush();
      fill(reader, layout, files, changes, changed);
      changes.flush();
    }
    new RestoreEnd(layout, files, progress, threads).run(request.recovery());
    return changed.get();
  }

  private Changes changes(Path data, RestoreMark mark, PrivateFiles files) throws IOException {
    UndoPlaces undo = new UndoPlaces(data, mark.job());
    if (noWayBack) {
      undo.remove();
      return new FinalChanges(data, files);
    }
    return UndoableChanges.open(undo, files);
  }

  /// Makes everything but the files' content what it is to be.
  private static void shape(
      SnapshotReader reader, RestoreLayout layout, PrivateFiles files, Changes changes)
      throws IOException {
    for (String path : REPLACED) {
      changes.creates(path);
      changes.creates(path + PrivateFiles.SUFFIX);
    }
    for (Path place : layout.tablespaces().values()) {
      if (!Files.isDirectory(place)) {
        files.directories(place, layout.rootMode());
      }
    }
    try (Stream<FileEntry> entries = reader.entries()) {
      for (FileEntry entry : (Iterable<FileEntry>) entries::iterator) {
        Path path = layout.pathOf(entry);
        switch (entry.kind()) {
          case DIRECTORY -> {
            if (Files.isDirectory(path)) {
              setMode(entry.path(), path, entry.mode() | 0700, changes);
            } else {
              changes.makeDirectory(entry.path(), entry.mode());
            }
          }
          case LINK -> {
            if (!Files.isSymbolicLink(path)) {
              changes.makeLink(entry.path(), layout.targetOf(entry).toString());
            }
          }
          case FILE -> shapeFile(entry, path, changes);
        }
      }
    }
  }

  private static void shapeFile(FileEntry entry, Path path, Changes changes) throws IOException {
    if (!isFile(path)) {
      changes.creates(entry.path());
      changes.creates(FileWriter.temporary(Path.of(entry.path())).toString());
      return;
    }
    setMode(entry.path(), path, entry.mode(), changes);
    if (Files.size(path) != entry.size()) {
      changes.resize(entry.path(), entry.size());
    }
  }

  private static void setMode(String path, Path there, int mode, Changes changes)
      throws IOException {
    if (((Integer) Files.getAttribute(there, "unix:mode") & 0777) != mode) {
      changes.setMode(path, mode);
    }
  }

  /// A piece of a file that is there, or of one that is missing.
  private sealed interface Piece {
    record There(FileMender.Piece piece) implements Piece {}

    record Missing(FileWriter.Piece piece) implements Piece {}
  }

  private void fill(
      SnapshotReader reader,
      RestoreLayout layout,
      PrivateFiles files,
      Changes changes,
      AtomicLong changed)
      throws IOException {
    AtomicLong done = new AtomicLong();
    long total = layout.totalBytes();
    try (EarlySync sync = new EarlySync(() -> {});
        ParallelWork<Piece> work =
            new ParallelWork<>(
                threads,
                PostgresErrors.INTERRUPTED,
                () -> {
                  FileMender mender =
                      new FileMender(
                          reader,
                          changes,
                          changed::addAndGet,
                          n -> progress.progress("comparing files", done.addAndGet(n), total));
                  FileWriter writer =
                      new FileWriter(
                          reader,
                          sync,
                          n -> {
                            changed.addAndGet(n);
                            progress.progress("comparing files", done.addAndGet(n), total);
                          },
                          PostgresErrors.VOLUME);
                  return piece -> {
                    switch (piece) {
                      case Piece.There(FileMender.Piece there) -> mender.accept(there);
                      case Piece.Missing(FileWriter.Piece missing) -> writer.accept(missing);
                    }
                  };
                });
        Stream<FileEntry> entries = reader.entries()) {
      for (FileEntry entry : (Iterable<FileEntry>) entries::iterator) {
        Path path = layout.pathOf(entry);
        if (entry.kind() == FileEntry.Kind.FILE && isFile(path)) {
          FileMender.begin(entry, path, piece -> work.submit(new Piece.There(piece)));
        } else if (entry.kind() == FileEntry.Kind.FILE) {
          boolean held = entry.path().equals(ControlFile.PATH);
          FileWriter.begin(entry, path, held, files)
              .forEach(piece -> work.submit(new Piece.Missing(piece)));
        }
      }
      work.finish();
      sync.finish();
    }
  }

  private static boolean isFile(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }
}
