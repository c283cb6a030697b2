package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.volumes.FileSizes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Takes a restore in place back, one that was broken off or one that ended, as long as no server
/// was started on it:
///
/// 1. the mark says again that the directory is half restored, and the control file of the restore
///    is removed;
/// 2. the undo log is read backwards and what it tells of is undone; the old control file was the
///    first to go, so it comes back last;
/// 3. from time to time what was undone is synced, and the log is cut off there;
/// 4. in the end the mark goes, then the empty log.
///
/// Properties: a crash between any two of these leaves a directory on which no server starts; the
/// same command goes on. Nothing is undone twice where that would do harm: before a file comes back
/// to a place where a newer one was removed, the log forgets the newer one. Memory: 1 MiB.
///
/// Errors: `SERVER_RUNNING`, `NO_WAY_BACK`, `UNDO_DAMAGED`, `VOLUME_FAILED`.
public final class TakeBack {
  private static final int MOST_UNSYNCED = 2000;
  private static final String RESTORE_AGAIN =
      "restore the moment that is wanted, in place or into an empty directory";

  private final CopyProgress progress;

  public TakeBack(CopyProgress progress) {
    this.progress = progress;
  }

  /// Takes the restore of that name in the directory back; how many changes were undone.
  public long run(Path dataDirectory, JobId name) {
    Path data = dataDirectory.toAbsolutePath().normalize();
    UndoPlaces places = new UndoPlaces(data, name.value());
    try {
      RestorePreflight.refuseRunning(data);
      requireKept(places);
      long undone = 0;
      try (UndoLog log = UndoLog.open(places.log())) {
        if (!log.isEmpty()) {
          requireOnTop(data, places.name());
          undone = new Undoing(places, log).run();
        }
      }
      Files.deleteIfExists(data.resolve(RestoreMark.BEGUN));
      PrivateFiles.sync(data);
      places.remove();
      return undone;
    } catch (IOException | UncheckedIOException e) {
      throw new ChrysalisException(
          PostgresErrors.VOLUME_FAILED,
          "cannot take restore " + name + " in " + data + " back: " + e,
          "look at the volume and at the agent's rights on it, then repeat the command",
          e);
    }
  }

  private static void requireKept(UndoPlaces places) {
    if (!places.exist()) {
      throw new ChrysalisException(
          PostgresErrors.NO_WAY_BACK,
          "%s keeps nothing of a restore in place called %s"
              .formatted(places.dataDirectory(), places.name()),
          "it had another name, was taken back already, or was made with --no-way-back");
    }
  }

  /// Nothing but that restore may have changed the directory since it began.
  private static void requireOnTop(Path data, String name) throws IOException {
    Optional<RestoreMark> begun = RestoreMark.read(data, RestoreMark.BEGUN);
    Optional<RestoreMark> top =
        begun.isPresent() ? begun : RestoreMark.read(data, RestoreMark.ENDED);
    if (!top.map(RestoreMark::job).orElse("").equals(name)) {
      throw new ChrysalisException(
          PostgresErrors.NO_WAY_BACK,
          "restore %s is not the last that changed %s".formatted(name, data),
          top.map(mark -> "take restore " + mark.job() + " back first").orElse(RESTORE_AGAIN));
    }
    if (begun.isEmpty() && !Files.exists(data.resolve("backup_label"))) {
      throw new ChrysalisException(
          PostgresErrors.NO_WAY_BACK,
          "a server was started on " + data + " since it was restored: the way back is gone",
          RESTORE_AGAIN);
    }
  }

  /// One run over the log.
  private final class Undoing {
    private final UndoPlaces places;
    private final UndoLog log;
    private final Set<Path> touched = new HashSet<>();
    private final Set<Path> deleted = new HashSet<>();
    private long done;

    private Undoing(UndoPlaces places, UndoLog log) {
      this.places = places;
      this.log = log;
    }

    long run() throws IOException {
      closeDirectory();
      long position = log.end();
      while (!log.isEmpty()) {
        UndoLog.Found found = log.before(position);
        if (isReturnTo(found.entry())) {
          forget(position);
        }
        undo(found.entry());
        progress.progress("taking the restore back", ++done, 0);
        if (touched.size() + deleted.size() >= MOST_UNSYNCED || log.isFirst(found)) {
          forget(found.begin());
        }
        position = found.begin();
      }
      return done;
    }

    /// Sees to it that no server starts meanwhile.
    private void closeDirectory() throws IOException {
      Path data = places.dataDirectory();
      Path ended = data.resolve(RestoreMark.ENDED);
      if (!Files.exists(data.resolve(RestoreMark.BEGUN)) && Files.exists(ended)) {
        PrivateFiles.like(data).rename(ended, data.resolve(RestoreMark.BEGUN));
      }
      // With one record left, which brings the old control file back, what is there may be that.
      Path control = data.resolve(ControlFile.PATH);
      if (!log.isFirst(log.before(log.end())) && Files.deleteIfExists(control)) {
        PrivateFiles.sync(PrivateFiles.parent(control));
      }
    }

    private boolean isReturnTo(UndoRecord entry) {
      return entry instanceof UndoRecord.Moved && deleted.contains(places.resolve(entry.path()));
    }

    private void undo(UndoRecord entry) throws IOException {
      Path path = places.resolve(entry.path());
      switch (entry) {
        case UndoRecord.Moved(String _, String aside) -> moveBack(places.resolve(aside), path);
        case UndoRecord.Created _ -> delete(path);
        case UndoRecord.Mode(String _, int mode) -> {
          if (Files.exists(path)) {
            Files.setAttribute(path, "unix:mode", mode);
            touched.add(path);
          }
        }
        case UndoRecord.Size(String _, long bytes) -> {
          if (isFile(path)) {
            FileSizes.set(path, bytes);
            touched.add(path);
          }
        }
        case UndoRecord.Stretch(String _, long position, ByteBuffer content) ->
            write(path, position, content);
      }
    }

    private void moveBack(Path aside, Path path) throws IOException {
      if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
        touched.add(PrivateFiles.parent(path));
        touched.add(PrivateFiles.parent(aside));
      }
    }

    private void delete(Path path) throws IOException {
      // Also where nothing was created yet: what returns to this place must know of it.
      deleted.add(path);
      if (Files.deleteIfExists(path)) {
        touched.add(PrivateFiles.parent(path));
      }
    }

    private void write(Path path, long position, ByteBuffer content) throws IOException {
      if (!isFile(path)) {
        return;
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        long at = position;
        while (content.hasRemaining()) {
          at += channel.write(content, at);
        }
      }
      touched.add(path);
    }

    private void forget(long position) throws IOException {
      for (Path path : touched) {
        if (Files.exists(path)) {
          PrivateFiles.sync(path);
        }
      }
      log.truncate(position);
      touched.clear();
      deleted.clear();
    }

    private static boolean isFile(Path path) {
      return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
