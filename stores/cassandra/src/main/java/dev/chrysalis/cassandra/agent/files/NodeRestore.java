package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.cassandra.archive.LogStretch;
import dev.chrysalis.cassandra.archive.NodeFacts;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.LeftOvers;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.vault.FileEntry;
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
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Restores one node's own files into its empty folders, so that it comes back as the node that it
/// was: with its host id, its tokens, its schema and roles, and its rows.
///
/// 1. everything that can refuse is asked before anything is touched (`RestorePreflight`);
/// 2. a mark with the job's name is laid (`chrysalis-restore.json`), then `StartGuard`;
/// 3. files are written by several threads, then the segments of the log behind the snapshot, if
///    any, into the commit log's folder: the server replays them when it starts;
/// 4. the server is told how to replay its log (`ReplaySettings`), everything is synced, the mark
///    renamed to `chrysalis-restored.json`, the guard lifted.
///
/// Properties: a crash between any two of these leaves folders on which no server starts, or ones
/// that are whole; the same job goes on with them, any other is refused. What it knew of others'
/// addresses, hints and the batch log are not restored: they are of another time. Memory: 256 KiB a
/// thread, and a few files' chunk lists.
///
/// Errors: `NODE_RUNNING`, `NOT_EMPTY`, `NO_ROOM`, `STRANGE_PATH`, `VOLUME_FAILED`,
/// `VaultErrors.SNAPSHOT_INCOMPLETE`, and the vault's.
public final class NodeRestore {
  private static final int FOLDER_MODE = 0755;

  private final Vault vault;
  private final CopyProgress progress;
  private final int threads;

  /// @param threads how many copy at once
  public NodeRestore(Vault vault, CopyProgress progress, int threads) {
    this.vault = vault;
    this.progress = progress;
    this.threads = threads;
  }

  /// What to restore.
  ///
  /// @param job the job that does it; the same name may go on after a crash
  /// @param store the store's name in the vault: `cassandra`
  /// @param log the log behind it that is to be replayed; empty for the snapshot alone
  /// @param target where the server's configuration lies, and how it is to replay the log; empty
  ///   where the one is not known and nothing is asked for
  /// @param node where its JMX would answer if it ran
  public record Request(
      JobId job,
      String store,
      SnapshotId snapshot,
      Optional<LogStretch> log,
      Optional<ReplaySettings> target,
      NodeFolders folders,
      CassandraNode node) {
    /// As of when the node comes back: the moment that was asked for, or as far as its own files
    /// lead.
    Instant asOf(NodeFacts facts) {
      Instant end = log.map(LogStretch::asOf).orElse(facts.begun());
      return target.flatMap(ReplaySettings::moment).filter(end::isAfter).orElse(end);
    }
  }

  /// What was restored.
  ///
  /// @param keptBytes how much of that an earlier attempt had restored
  /// @param asOf as of when the node comes back
  public record Restored(NodeFacts facts, long files, long bytes, long keptBytes, Instant asOf) {}

  /// Runs a restore to its end.
  public Restored run(Request request) {
    Path first = request.folders().data().getFirst();
    try (SnapshotReader reader = vault.openSnapshot(request.store(), request.snapshot())) {
      NodeFacts facts = NodeFacts.fromMap(reader.snapshot().facts());
      RestoreLayout layout = RestoreLayout.of(reader, request.folders());
      RestoreMark mark =
          RestoreMark.ofThisBoot(request.job().value(), request.snapshot().value())
              .at(request.asOf(facts));
      long log = request.log().map(stretch -> stretch.bytes(vault)).orElse(0L);
      return switch (new RestorePreflight(layout, mark, request.node(), log).check(reader)) {
        case ENDED -> ended(facts, layout, mark);
        case FRESH, AGAIN -> restored(request, reader, facts, layout, mark, false);
        case GO_ON -> restored(request, reader, facts, layout, mark, true);
      };
    } catch (IOException | UncheckedIOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot restore into", first, e, "look at the volume and at the agent's rights on it");
    }
  }

  /// What an earlier run has restored, whatever this one asks for.
  private static Restored ended(NodeFacts facts, RestoreLayout layout, RestoreMark asked)
      throws IOException {
    Path first = layout.folders().data().getFirst();
    new StartGuard(first).lift();
    RestoreMark there = RestoreMark.read(first, RestoreMark.ENDED).orElse(asked);
    return new Restored(
        facts,
        layout.files(),
        layout.totalBytes(),
        layout.totalBytes(),
        there.at().orElse(facts.begun()));
  }

  private Restored restored(
      Request request,
      SnapshotReader reader,
      NodeFacts facts,
      RestoreLayout layout,
      RestoreMark mark,
      boolean trusted)
      throws IOException {
    Path first = layout.folders().data().getFirst();
    PrivateFiles files = PrivateFiles.likeNearest(first);
    StartGuard guard = new StartGuard(first);
    prepare(layout, mark, files, guard, trusted);
    long kept = writeFiles(reader, layout, mark, files, trusted);
    if (request.log().isPresent()) {
      long _ =
          SegmentFiles.write(
              vault, request.log().get(), layout.folders().commitLog(), files, progress);
    }
    request.target().ifPresent(ReplaySettings::apply);
    syncAll(layout.folders());
    files.rename(first.resolve(RestoreMark.BEGUN), first.resolve(RestoreMark.ENDED));
    guard.lift();
    return new Restored(facts, layout.files(), layout.totalBytes(), kept, mark.at().orElseThrow());
  }

  private static void prepare(
      RestoreLayout layout, RestoreMark mark, PrivateFiles files, StartGuard guard, boolean trusted)
      throws IOException {
    for (Path folder : layout.folders().all()) {
      files.directories(folder, FOLDER_MODE);
    }
    Path first = layout.folders().data().getFirst();
    RestoreMark untrusted = new RestoreMark(mark.job(), mark.snapshot(), "untrusted");
    files.replace(first.resolve(RestoreMark.BEGUN), (trusted ? mark : untrusted).toJson());
    guard.lay(files);
    if (!trusted) {
      // The mark is about to vouch for this boot: nothing of an earlier one may stay beside it.
      for (Path folder : layout.folders().data()) {
        guard.removeAllElseIn(folder);
      }
      files.replace(first.resolve(RestoreMark.BEGUN), mark.toJson());
    }
    // Segments are written anew by each attempt: it may be asked for another moment.
    for (Path folder : List.of(layout.folders().commitLog(), layout.folders().hints())) {
      Files.walkFileTree(folder, new LeftOvers(folder));
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
    Set<Path> made = new HashSet<>();
    try (EarlySync sync = new EarlySync(() -> distrust(layout, mark, files));
        ParallelWork<FileWriter.Piece> work =
            new ParallelWork<>(
                threads,
                CassandraErrors.INTERRUPTED,
                () ->
                    new FileWriter(
                        reader,
                        sync,
                        n -> progress.progress("restoring files", done.addAndGet(n), total),
                        CassandraErrors.VOLUME));
        Stream<FileEntry> entries = reader.entries()) {
      Interleaving<FileWriter.Piece> turns = new Interleaving<>(threads, work::submit);
      for (FileEntry entry : (Iterable<FileEntry>) entries::iterator) {
        Optional<Path> path = layout.pathOf(entry);
        if (path.isEmpty()) {
          continue;
        }
        if (trusted && isWhole(path.get(), entry)) {
          kept += entry.size();
          progress.progress("restoring files", done.addAndGet(entry.size()), total);
        } else {
          Path folder = PrivateFiles.parent(path.get());
          if (made.add(folder)) {
            files.directories(folder, FOLDER_MODE);
          }
          turns.add(FileWriter.begin(entry, path.get(), false, files));
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
      files.replace(
          layout.folders().data().getFirst().resolve(RestoreMark.BEGUN), untrusted.toJson());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isWhole(Path path, FileEntry entry) throws IOException {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == entry.size();
  }

  private void syncAll(NodeFolders folders) throws IOException {
    AtomicLong done = new AtomicLong();
    try (ParallelWork<Path> work =
        new ParallelWork<>(threads, CassandraErrors.INTERRUPTED, () -> path -> sync(path, done))) {
      for (Path root : folders.all()) {
        try (Stream<Path> all = Files.walk(root)) {
          List<Path> paths = all.filter(path -> !Files.isSymbolicLink(path)).toList();
          paths.forEach(work::submit);
        }
      }
      work.finish();
    }
    for (Path root : folders.all()) {
      PrivateFiles.sync(PrivateFiles.parent(root));
    }
  }

  private void sync(Path path, AtomicLong done) {
    try {
      PrivateFiles.sync(path);
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot make durable", path, e, "look at the volume: what was written may be lost");
    }
    progress.progress("syncing files", done.incrementAndGet(), 0);
  }
}
