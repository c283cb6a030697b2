package dev.chrysalis.postgres.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What `global/pg_control` says of a cluster. The layout is that of `src/include/catalog/
/// pg_control.h`; versions 1300 (PostgreSQL 13 to 16), 1700 and 1800 differ only behind
/// `data_checksum_version`, where 18 has one byte more before the nonce and the CRC-32C.
///
/// @param systemIdentifier unsigned, in decimal
/// @param timeline of the latest checkpoint
/// @param checkpoint where the latest checkpoint's record begins
/// @param redo where recovery from that checkpoint begins
/// @param minRecoveryPoint how far a standby must replay before it is consistent; 0/0 on a primary
/// @param minRecoveryTimeline the timeline of that position, or 0
/// @param backupEndRequired whether recovery from a backup has still to reach the backup's end
/// @param pageChecksums whether pages carry checksums
public record ControlFile(
    String systemIdentifier,
    int version,
    int catalogVersion,
    ClusterState state,
    Instant writtenAt,
    Lsn checkpoint,
    Lsn redo,
    int timeline,
    Instant checkpointAt,
    Lsn minRecoveryPoint,
    int minRecoveryTimeline,
    boolean backupEndRequired,
    int blockBytes,
    int segmentBytes,
    boolean pageChecksums) {

  /// Where it lies in a data directory.
  public static final String PATH = "global/pg_control";

  /// Its size on disk; only the first half kilobyte means something.
  public static final int FILE_BYTES = 8192;

  private static final int PARSED_BYTES = 512;
  private static final double FLOAT_FORMAT = 1234567.0;
  private static final int ATTEMPTS = 10;

  /// What the server last wrote of its own state.
  public enum ClusterState {
    STARTING,
    SHUT_DOWN,
    SHUT_DOWN_IN_RECOVERY,
    SHUTTING_DOWN,
    CRASH_RECOVERY,
    ARCHIVE_RECOVERY,
    IN_PRODUCTION
  }

  /// A control file as bytes (read-only) and as what they say, from one reading.
  public record Raw(ByteBuffer bytes, ControlFile parsed) {
    public Raw {
      bytes = bytes.asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer bytes() {
      return bytes.duplicate();
    }
  }

  /// Reads the control file of a data directory; empty where there is none. A running server may be
  /// rewriting it, so that a torn reading is repeated; `NOT_A_DATA_DIRECTORY` where it stays
  /// damaged, `UNSUPPORTED_VERSION` where its layout is not known, `VOLUME_FAILED` where it cannot
  /// be read.
  public static Optional<ControlFile> read(Path dataDirectory) {
    return readRaw(dataDirectory).map(Raw::parsed);
  }

  /// As `read`, with the bytes.
  public static Optional<Raw> readRaw(Path dataDirectory) {
    Path file = dataDirectory.resolve(PATH);
    try {
      for (int attempt = 1; ; attempt++) {
        byte[] bytes = bytesOf(file);
        if (attempt == ATTEMPTS || intact(bytes)) {
          return Optional.of(new Raw(ByteBuffer.wrap(bytes), parse(bytes)));
        }
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ChrysalisException(
          PostgresErrors.VOLUME_FAILED,
          "cannot read " + file + ": " + e,
          "look at the volume and at the agent's rights on it",
          e);
    }
  }

  private static byte[] bytesOf(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(FILE_BYTES);
    try (FileChannel channel = FileChannel.open(file)) {
      int got = 0;
      while (buffer.hasRemaining() && got >= 0) {
        got = channel.read(buffer);
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /// Reads a control file from its bytes. Throws as `read` does.
  public static ControlFile parse(byte[] bytes) {
    if (bytes.length < PARSED_BYTES) {
      throw damaged("pg_control has only " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (crcOffset(in).isEmpty()) {
      throw new ChrysalisException(
          PostgresErrors.UNSUPPORTED_VERSION,
          "pg_control has the unknown version " + Integer.toUnsignedString(in.getInt(8)),
          "PostgreSQL 15 to 18 are supported");
    }
    if (!intact(bytes)) {
      throw damaged("pg_control fails its checksum");
    }
    if (in.getDouble(208) != FLOAT_FORMAT) {
      throw damaged("pg_control was written on another kind of machine");
    }
    return fields(in);
  }

  private static ControlFile fields(ByteBuffer in) {
    int state = in.getInt(16);
    ClusterState[] states = ClusterState.values();
    if (state < 0 || state >= states.length) {
      throw damaged("pg_control names the unknown state " + state);
    }
    return new ControlFile(
        Long.toUnsignedString(in.getLong(0)),
        in.getInt(8),
        in.getInt(12),
        states[state],
        Instant.ofEpochSecond(in.getLong(24)),
        new Lsn(in.getLong(32)),
        new Lsn(in.getLong(40)),
        in.getInt(48),
        Instant.ofEpochSecond(in.getLong(104)),
        new Lsn(in.getLong(136)),
        in.getInt(144),
        in.get(168) != 0,
        in.getInt(216),
        in.getInt(228),
        in.getInt(252) != 0);
  }

  private static boolean intact(byte[] bytes) {
    if (bytes.length < PARSED_BYTES) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return crcOffset(in).filter(at -> crc(bytes, at) == in.getInt(at)).isPresent();
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static Optional<Integer> crcOffset(ByteBuffer in) {
    return switch (in.getInt(8)) {
      case 1300, 1700 -> Optional.of(288);
      case 1800 -> Optional.of(292);
      default -> Optional.empty();
    };
  }

  private static ChrysalisException damaged(String what) {
    return new ChrysalisException(
        PostgresErrors.NOT_A_DATA_DIRECTORY,
        what,
        "this directory cannot be started as it is: restore it, or name another one");
  }
}
