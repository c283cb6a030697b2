package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.postgres.agent.server.ControlFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Changes that can be taken back:
///
/// 1. each is written into the undo log, with what it destroys, and put on a list;
/// 2. when the list is full, or at `flush`, the log is synced;
/// 3. only then the changes of the list are made.
///
/// Properties: what has been done is in the log, on disk. One sync serves many changes. What is
/// removed is renamed, so it takes no time however large it is. Memory: 8 MiB.
final class UndoableChanges implements Changes {
  private static final int MOST_WAITING = 4096;
  private static final int MOST_BYTES = 8 << 20;
  private static final int PIECE_BYTES = 256 * 1024;

  private final UndoPlaces places;
  private final UndoLog log;
  private final FinalChanges made;
  private final List<Act> waiting = new ArrayList<>();
  private final ByteBuffer pages = ByteBuffer.allocateDirect(MOST_BYTES);

  private interface Act {
    void make() throws IOException;
  }

  private UndoableChanges(UndoPlaces places, UndoLog log, PrivateFiles files) {
    this.places = places;
    this.log = log;
    this.made = new FinalChanges(places.dataDirectory(), files);
  }

  /// Begins, or goes on with the log of a broken-off restore of the same name.
  static UndoableChanges open(UndoPlaces places, PrivateFiles files) throws IOException {
    if (places.exist()) {
      return new UndoableChanges(places, UndoLog.open(places.log()), files);
    }
    Path directory = PrivateFiles.parent(places.log());
    files.directories(directory, 0700);
    PrivateFiles.sync(PrivateFiles.parent(directory));
    PrivateFiles.sync(places.dataDirectory());
    return new UndoableChanges(places, UndoLog.create(places.log(), files), files);
  }

  @Override
  public synchronized void removeControlFile() throws IOException {
    String aside = places.aside(ControlFile.PATH, UndoLog.FIRST);
    Path control = places.resolve(ControlFile.PATH);
    if (log.isEmpty()) {
      log.append(new UndoRecord.Moved(ControlFile.PATH, aside));
      log.force();
    }
    if (Files.exists(places.resolve(aside))) {
      // The old one is safe: what is there now was restored by an attempt that nearly ended.
      Files.deleteIfExists(control);
    } else {
      move(control, places.resolve(aside));
    }
    PrivateFiles.sync(PrivateFiles.parent(control));
  }

  @Override
  public synchronized void remove(String path) throws IOException {
    String aside = places.aside(path, log.end());
    add(new UndoRecord.Moved(path, aside), () -> move(places.resolve(path), places.resolve(aside)));
  }

  private void move(Path from, Path to) throws IOException {
    made.files().directories(PrivateFiles.parent(to), 0700);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public synchronized void creates(String path) throws IOException {
    add(new UndoRecord.Created(path), () -> {});
  }

  @Override
  public synchronized void makeDirectory(String path, int mode) throws IOException {
    add(new UndoRecord.Created(path), () -> made.makeDirectory(path, mode));
  }

  @Override
  public synchronized void makeLink(String path, String target) throws IOException {
    add(new UndoRecord.Created(path), () -> made.makeLink(path, target));
  }

  @Override
  public synchronized void setMode(String path, int mode) throws IOException {
    Object old = Files.getAttribute(places.resolve(path), "unix:mode");
    add(new UndoRecord.Mode(path, (Integer) old & 0777), () -> made.setMode(path, mode));
  }

  @Override
  public synchronized void resize(String path, long size) throws IOException {
    Path file = places.resolve(path);
    long old = Files.size(file);
    if (size < old) {
      keepTail(path, file, size);
    }
    add(new UndoRecord.Size(path, old), () -> made.resize(path, size));
  }

  private void keepTail(String path, Path file, long from) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
      long at = from;
      for (int got = channel.read(piece, at); got > 0; got = channel.read(piece.clear(), at)) {
        log.append(new UndoRecord.Stretch(path, at, piece.flip()));
        at += got;
      }
    }
  }

  @Override
  public synchronized void overwrite(String path, long position, ByteBuffer fresh, ByteBuffer old)
      throws IOException {
    if (pages.remaining() < fresh.remaining()) {
      flush();
    }
    int begin = pages.position();
    pages.put(fresh.duplicate());
    ByteBuffer kept = pages.slice(begin, pages.position() - begin);
    add(
        new UndoRecord.Stretch(path, position, old),
        () -> made.overwrite(path, position, kept, kept));
  }

  private void add(UndoRecord entry, Act act) throws IOException {
    log.append(entry);
    waiting.add(act);
    if (waiting.size() == MOST_WAITING) {
      flush();
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    log.force();
    for (Act act : waiting) {
      act.make();
    }
    waiting.clear();
    pages.clear();
  }

  /// Makes no further change: those that wait are in the log and not in the directory, which is
  /// what taking back and going on can both live with.
  @Override
  public synchronized void close() throws IOException {
    log.close();
  }
}
