package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The directory `pg_wal` as a server left it, read by its files alone: nothing else of the data
/// directory needs to be there. A segment's first page says whose it is; one that was recycled
/// under a later name still states its old position and does not count. Source:
/// `XLogLongPageHeaderData` of `xlog_internal.h`.
///
/// @param system the cluster's system identifier
/// @param segments all that count, by timeline, then by position
record WalDirectory(Path directory, long system, long segmentBytes, List<WalSegment> segments) {
  private static final int LONG_HEADER = 40;
  private static final int STEP = 64 * 1024;

  WalDirectory {
    segments = List.copyOf(segments);
  }

  /// A file with what its header says.
  private record Found(Path file, long system, long address, long segmentBytes) {}

  /// Looks at a directory; empty where it is not there or holds no segment. `VOLUME_FAILED` where
  /// it cannot be read.
  static Optional<WalDirectory> open(Path directory) {
    List<Found> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, f -> nameOf(f).matches("[0-9A-F]{24}"))) {
      for (Path file : files) {
        header(file).ifPresent(found::add);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException | DirectoryIteratorException e) {
      throw failed(directory, e);
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(of(directory, found));
  }

  private static WalDirectory of(Path directory, List<Found> found) {
    long system = found.getFirst().system();
    long bytes = found.getFirst().segmentBytes();
    if (found.stream().anyMatch(f -> f.system() != system || f.segmentBytes() != bytes)) {
      throw new ChrysalisException(
          PostgresErrors.OTHER_CLUSTER,
          "%s holds segments of more than one cluster".formatted(directory),
          "look at what was copied there; nothing of it was taken");
    }
    List<WalSegment> segments =
        found.stream()
            .flatMap(f ->
                WalSegment.parse(nameOf(f.file()), bytes)
                    .filter(s -> s.start(bytes).value() == f.address())
                    .stream())
            .sorted(
                Comparator.comparingInt(WalSegment::timeline).thenComparingLong(WalSegment::number))
            .toList();
    return new WalDirectory(directory, system, bytes, segments);
  }

  private static Optional<Found> header(Path file) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(LONG_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      while (page.hasRemaining() && channel.read(page) >= 0) {
        // Read on.
      }
      long bytes = page.hasRemaining() ? 0 : Integer.toUnsignedLong(page.getInt(32));
      boolean whole =
          (page.getShort(0) & 0xFF00) == 0xD100
              && bytes >= 1 << 20
              && Long.bitCount(bytes) == 1
              && channel.size() == bytes;
      return whole
          ? Optional.of(new Found(file, page.getLong(24), page.getLong(8), bytes))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      // A server that runs removes its segments.
      return Optional.empty();
    }
  }

  /// The newest timeline of which a segment is there.
  Optional<Integer> newestTimeline() {
    return segments.isEmpty() ? Optional.empty() : Optional.of(segments.getLast().timeline());
  }

  /// Where the oldest segment of a timeline begins.
  Optional<Lsn> oldest(int timeline) {
    return segments.stream()
        .filter(s -> s.timeline() == timeline)
        .findFirst()
        .map(s -> s.start(segmentBytes));
  }

  /// The history of a timeline, by its file; that of timeline 1 needs none.
  TimelineHistory history(int timeline) {
    Path file = directory.resolve(TimelineHistory.fileName(timeline));
    try {
      return TimelineHistory.parse(timeline, Files.readString(file, UTF_8));
    } catch (NoSuchFileException e) {
      return TimelineHistory.first(timeline);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /// Hands out the bytes of a timeline, segment after segment, until one is missing, `to` is
  /// reached, or the taker wants no more. Returns where it stopped.
  Lsn read(int timeline, Lsn from, Lsn to, LogBytes.Taker taker) {
    ByteBuffer step = ByteBuffer.allocate(STEP);
    Lsn at = from;
    while (at.compareTo(to) < 0) {
      WalSegment segment = WalSegment.of(timeline, at, segmentBytes);
      if (!segments.contains(segment)) {
        return at;
      }
      Lsn end = segment.end(segmentBytes);
      Lsn upTo = end.compareTo(to) < 0 ? end : to;
      Path file = directory.resolve(segment.fileName(segmentBytes));
      try (FileChannel channel = FileChannel.open(file)) {
        channel.position(at.minus(segment.start(segmentBytes)));
        while (at.compareTo(upTo) < 0) {
          step.clear().limit((int) Math.min(STEP, upTo.minus(at)));
          if (channel.read(step) < 0) {
            return at;
          }
          at = at.plus(step.flip().remaining());
          if (!taker.take(step)) {
            return at;
          }
        }
      } catch (IOException e) {
        throw failed(file, e);
      }
    }
    return at;
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static ChrysalisException failed(Path what, Exception e) {
    return new ChrysalisException(
        PostgresErrors.VOLUME_FAILED,
        "cannot read " + what + ": " + e,
        "look at the volume and at the agent's rights on it",
        e);
  }
}
