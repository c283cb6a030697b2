package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.LeftOvers;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.volumes.EarlySync;
import dev.chrysalis.volumes.FileWriter;
import dev.chrysalis.volumes.Interleaving;
import dev.chrysalis.volumes.ParallelWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Restores a base backup into an empty data directory:
///
/// 1. everything that can refuse is asked before anything is touched (`RestorePreflight`);
/// 2. a mark with the job's name is laid down (`chrysalis-restore.json`), and a control file of a
///    broken-off attempt is removed;
/// 3. directories, links and files are made, the files by several threads, the control file under a
///    temporary name;
/// 4. `RestoreEnd`: settings, everything synced, the control file's name, the mark's new name.
///
/// Properties: a crash between any two of these leaves a directory on which no server starts, or
/// one that is whole; the same job goes on with it, any other is refused. Files that a broken-off
/// attempt completed are kept if the machine was not started anew since (what was not synced is
/// still there); else they are removed and written again. A job that has ended already only writes
/// its recovery settings again, until a server was started. Memory: 256 KiB a thread, and a few
/// files' chunk lists.
///
/// Errors: `SERVER_RUNNING`, `NOT_EMPTY`, `NO_ROOM`, `BAD_SETTING`, `VOLUME_FAILED`,
/// `VaultErrors.SNAPSHOT_INCOMPLETE`, and the vault's.
public final class FileRestore {
  private final Vault vault;
  private final CopyProgress progress;
  private final int threads;

  /// @param threads how many copy at once
  public FileRestore(Vault vault, CopyProgress progress, int threads) {
    this.vault = vault;
    this.progress = progress;
    this.threads = threads;
  }

  /// What to restore.
  ///
  /// @param job the job that does it; the same name may go on after a crash
  /// @param store the store's name in the vault: `postgres`
  /// @param dataDirectory empty or missing; who owns it (or its parent) will own the files
  public record Request(
      JobId job,
      String store,
      SnapshotId snapshot,
      Path dataDirectory,
      TablespacePlaces tablespaces,
      RecoverySettings recovery) {}

  /// What was restored.
  ///
  /// @param facts of the backup
  /// @param tablespaces the tablespaces' new places, by OID
  /// @param keptBytes how much of that an earlier attempt had restored
  public record Restored(
      Snapshot snapshot,
      BackupFacts facts,
      long files,
      long bytes,
      long keptBytes,
      Map<String, Path> tablespaces) {}

  /// Runs a restore to its end.
  public Restored run(Request request) {
    try (SnapshotReader reader = vault.openSnapshot(request.store(), request.snapshot())) {
      BackupFacts facts = BackupFacts.fromMap(reader.snapshot().facts());
      RestoreLayout layout =
          RestoreLayout.of(reader, request.dataDirectory(), request.tablespaces());
      RestoreMark mark = RestoreMark.ofThisBoot(request.job().value(), request.snapshot().value());
      RestorePreflight preflight = new RestorePreflight(layout, mark, facts.segmentBytes());
      RestorePreflight.Start start = preflight.check(reader);
      long kept =
          switch (start) {
            case RestorePreflight.Start.Ended() -> {
              // The files are there; where recovery is to end may have been said anew.
              RecoveryFiles.write(layout.dataDirectory(), request.recovery());
              yield layout.totalBytes();
            }
            case RestorePreflight.Start.Fresh(PrivateFiles owner) ->
                restore(request, reader, layout, mark, owner, false);
            case RestorePreflight.Start.GoOn(PrivateFiles owner, boolean trusted) ->
                restore(request, reader, layout, mark, owner, trusted);
          };
      return new Restored(
          reader.snapshot(),
          facts,
          layout.files(),
          layout.totalBytes(),
          kept,
          layout.tablespaces());
    } catch (IOException | UncheckedIOException e) {
      throw PostgresErrors.VOLUME.of(
          "cannot restore into",
          request.dataDirectory(),
          e,
          "look at the volume and at the agent's rights on it");
    }
  }

  private long restore(
      Request request,
      SnapshotReader reader,
      RestoreLayout layout,
      RestoreMark mark,
      PrivateFiles files,
      boolean trusted)
      throws IOException {
    prepare(layout, mark, files, trusted);
    long kept = writeFiles(reader, layout, mark, files, trusted);
    new RestoreEnd(layout, files, progress, threads).run(request.recovery());
    return kept;
  }

  private static void prepare(
      RestoreLayout layout, RestoreMark mark, PrivateFiles files, boolean trusted)
      throws IOException {
    Path data = layout.dataDirectory();
    files.directories(data, layout.rootMode());
    Path control = data.resolve(ControlFile.PATH);
    if (Files.deleteIfExists(control)) {
      PrivateFiles.sync(PrivateFiles.parent(control));
    }
    if (!trusted) {
      // The mark is about to vouch for this boot: nothing of an earlier one may stay beside it.
      removeLeftOvers(layout);
    }
    files.replace(data.resolve(RestoreMark.BEGUN), mark.toJson());
    for (Path place : layout.tablespaces().values()) {
      files.directories(place, layout.rootMode());
    }
  }

  private static void removeLeftOvers(RestoreLayout layout) throws IOException {
    List<Path> roots = new ArrayList<>(layout.tablespaces().values());
    roots.add(layout.dataDirectory());
    for (Path root : roots) {
      if (Files.isDirectory(root)) {
        Files.walkFileTree(root, new LeftOvers(root));
        PrivateFiles.sync(root);
      }
    }
  }

  private long writeFiles(
      SnapshotReader reader,
      RestoreLayout layout,
      RestoreMark mark,
      PrivateFiles files,
      boolean trusted)
      throws IOException {
    AtomicLong done = new AtomicLong();
    long kept = 0;
    long total = layout.totalBytes();
    try (EarlySync sync = new EarlySync(() -> distrust(layout, mark, files));
        ParallelWork<FileWriter.Piece> work =
            new ParallelWork<>(
                threads,
                PostgresErrors.INTERRUPTED,
                () ->
                    new FileWriter(
                        reader,
                        sync,
                        bytes -> progress.progress("restoring files", done.addAndGet(bytes), total),
                        PostgresErrors.VOLUME));
        Stream<FileEntry> entries = reader.entries()) {
      Interleaving<FileWriter.Piece> turns = new Interleaving<>(threads, work::submit);
      for (FileEntry entry : (Iterable<FileEntry>) entries::iterator) {
        Path path = layout.pathOf(entry);
        switch (entry.kind()) {
          case DIRECTORY -> files.directory(path, entry.mode());
          case LINK -> link(path, layout.targetOf(entry), files);
          case FILE -> {
            boolean held = entry.path().equals(ControlFile.PATH);
            if (trusted && !held && isWhole(path, entry)) {
              kept += entry.size();
              progress.progress("restoring files", done.addAndGet(entry.size()), total);
            } else {
              turns.add(FileWriter.begin(entry, path, held, files));
            }
          }
        }
      }
      turns.finish();
      work.finish();
      sync.finish();
    }
    return kept;
  }

  /// The kernel tells of a lost write only once: from now on no attempt believes what is there.
  private static void distrust(RestoreLayout layout, RestoreMark mark, PrivateFiles files) {
    RestoreMark untrusted = new RestoreMark(mark.job(), mark.snapshot(), "untrusted");
    try {
      files.replace(layout.dataDirectory().resolve(RestoreMark.BEGUN), untrusted.toJson());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isWhole(Path path, FileEntry entry) throws IOException {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == entry.size();
  }

  private static void link(Path link, Path target, PrivateFiles files) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
    files.own(link);
  }
}
