package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.volumes.FileCopier;
import dev.chrysalis.volumes.FoundFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/// Finds damaged SSTables: what the disk cannot read of them, and what it reads otherwise than it
/// was written. Compares each SSTable's data, while it is copied, with the digest that the server
/// wrote beside it: `nb-1-big-Digest.crc32` holds the CRC-32 of all bytes of `nb-1-big-Data.db`, in
/// decimal. Used by one thread.
final class DigestCheck implements FileCopier.Check {
  private static final String DATA = "-Data.db";
  private static final String DIGEST = "-Digest.crc32";
  private static final long LONGEST = 20;

  private final DamagedTables damaged;
  private final CRC32 crc = new CRC32();

  DigestCheck(DamagedTables damaged) {
    this.damaged = damaged;
  }

  @Override
  public void piece(FoundFile file, FileChannel channel, ByteBuffer content, long position) {
    if (position == 0) {
      crc.reset();
    }
    if (isData(file)) {
      crc.update(content.duplicate());
    }
  }

  @Override
  public void end(FoundFile file, long size) {
    if (isData(file) && size > 0 && !isAsWritten(file.file())) {
      damaged.add(file.path());
    }
  }

  /// One that cannot be compared is not known to be as it was written.
  private boolean isAsWritten(Path data) {
    try {
      return digest(data).filter(d -> !d.equals(Long.toString(crc.getValue()))).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /// Zeros take the place of what a disk cannot read of an SSTable's data, which is damaged then;
  /// not of a disk that reads nothing, nor of other components: a server reads those when it
  /// starts, and would not start on such ones.
  @Override
  public boolean unreadable(FoundFile file, int bytes, IOException why) {
    return isData(file)
        && TableFile.parse(file.path()).isPresent()
        && damaged.addUnreadable(file.path(), bytes);
  }

  @Override
  public void vanished(FoundFile file) {
    throw new ChrysalisException(
        CassandraErrors.SNAPSHOT_GONE,
        file.file() + " has vanished while the snapshot was copied",
        "somebody cleared the snapshot (nodetool clearsnapshot?): start the backup again");
  }

  /// What the server wrote; empty where it wrote none (releases before 2.1 did not).
  private static Optional<String> digest(Path data) throws IOException {
    String name = String.valueOf(data.getFileName());
    Path file = data.resolveSibling(name.substring(0, name.length() - DATA.length()) + DIGEST);
    return Files.exists(file)
        ? Optional.of(Files.size(file) > LONGEST ? "" : Files.readString(file).strip())
        : Optional.empty();
  }

  private static boolean isData(FoundFile file) {
    return file.path().endsWith(DATA);
  }
}
