package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.archive.LogStretch;
import dev.chrysalis.cassandra.archive.PieceFacts;
import dev.chrysalis.cassandra.archive.SegmentName;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lays the segments of a log into an empty `commitlog_directory`, where a server that starts
/// replays them. The last one ends at a sync marker, as one of a server that was killed does; the
/// file simply ends there, so that nothing looks like a marker that was torn.
public final class SegmentFiles implements AutoCloseable {
  private static final int FILE_MODE = 0644;

  private final Path folder;
  private final PrivateFiles files;
  private @Nullable SegmentName segment;
  private @Nullable FileChannel channel;
  private long length;

  private SegmentFiles(Path folder, PrivateFiles files) {
    this.folder = folder;
    this.files = files;
  }

  /// Writes all of a stretch; how many bytes that were.
  public static long write(
      Vault vault, LogStretch stretch, Path folder, PrivateFiles files, CopyProgress progress)
      throws IOException {
    long bytes = 0;
    try (SegmentFiles segments = new SegmentFiles(folder, files);
        Stream<LogPiece> pieces = stretch.pieces(vault)) {
      for (LogPiece piece : (Iterable<LogPiece>) pieces::iterator) {
        PieceFacts facts = PieceFacts.of(piece);
        try (InputStream in = vault.log(stretch.log()).open(piece)) {
          segments.add(facts, in);
        }
        bytes += facts.to() - facts.from();
        progress.progress("restoring the log", bytes, bytes);
      }
    }
    return bytes;
  }

  private void add(PieceFacts facts, InputStream in) throws IOException {
    if (!facts.segment().equals(segment)) {
      begin(facts.segment());
    }
    FileChannel current = channel;
    if (current == null || facts.from() != length) {
      throw gap(facts);
    }
    length += in.transferTo(Channels.newOutputStream(current));
    if (length != facts.to()) {
      throw gap(facts);
    }
  }

  private void begin(SegmentName next) throws IOException {
    close();
    Path file = folder.resolve(next.toString());
    channel = files.create(file);
    files.setMode(file, FILE_MODE);
    segment = next;
    length = 0;
  }

  private ChrysalisException gap(PieceFacts facts) {
    return new ChrysalisException(
        VaultErrors.LOG_GAP,
        "the pieces of %s do not follow each other at byte %d".formatted(facts.segment(), length),
        "this is a fault of the vault's log: restore the snapshot alone, or to a moment before");
  }

  @Override
  public void close() throws IOException {
    FileChannel current = channel;
    if (current != null) {
      current.close();
    }
    channel = null;
  }
}
