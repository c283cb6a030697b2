package dev.chrysalis.postgres.agent.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/// A cluster of a few files, as a snapshot in a vault, and as a data directory whose server has
/// gone on since. The same in every process.
final class PlantedCluster {
  static final int FILES = 12;
  static final int FILE_BYTES = 3 * SnapshotWriter.CHUNK_BYTES + 8192;

  private PlantedCluster() {}

  static byte[] content(int file) {
    byte[] content = new byte[FILE_BYTES];
    new Random(file).nextBytes(content);
    return content;
  }

  static String relation(int file) {
    return "base/5/" + (16384 + file);
  }

  static SnapshotId plant(MemoryVault vault, FileEntry... more) {
    List<FileEntry> entries = new ArrayList<>(List.of(more));
    for (String directory :
        List.of("base", "base/5", "global", "pg_wal", "pg_wal/archive_status")) {
      entries.add(
          new FileEntry(
              directory, FileEntry.Kind.DIRECTORY, 0700, 0, Instant.EPOCH, "", List.of()));
    }
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      for (int i = 0; i < FILES; i++) {
        entries.add(file(writer, relation(i), content(i)));
      }
      entries.add(file(writer, "PG_VERSION", "17\n".getBytes(UTF_8)));
      entries.add(file(writer, "backup_label", "START".getBytes(UTF_8)));
      entries.add(file(writer, "postgresql.auto.conf", "work_mem = '5MB'\n".getBytes(UTF_8)));
      entries.add(file(writer, ControlFile.PATH, control("7412345678901234567", 1)));
    }
    return vault.plant(BackupFactsTest.FACTS.toMap(), entries.toArray(FileEntry[]::new));
  }

  static FileEntry file(SnapshotWriter writer, String path, byte[] content) {
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < content.length; at += SnapshotWriter.CHUNK_BYTES) {
      int length = Math.min(SnapshotWriter.CHUNK_BYTES, content.length - at);
      chunks.add(writer.store(ByteBuffer.wrap(content, at, length)));
    }
    return new FileEntry(
        path, FileEntry.Kind.FILE, 0600, content.length, Instant.EPOCH, "", chunks);
  }

  /// A control file of PostgreSQL 17 that passes its checks.
  static byte[] control(String system, int timeline) {
    ByteBuffer bytes = ByteBuffer.allocate(ControlFile.FILE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, Long.parseUnsignedLong(system)).putInt(8, 1700).putInt(16, 1);
    bytes.putInt(48, timeline).putDouble(208, 1234567.0).putInt(216, 8192);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, 288);
    bytes.putInt(288, (int) crc.getValue());
    return bytes.array();
  }

  /// Lays the data directory down as a server left it that has run on since the snapshot: a page
  /// changed in one file of three, one file shorter, one longer, one gone, another mode, files and
  /// WAL that the snapshot does not hold.
  static void layDown(Path data) throws IOException {
    Files.createDirectories(data.resolve("base/5"));
    Files.createDirectories(data.resolve("base/6/deep"));
    Files.createDirectories(data.resolve("global"));
    Files.createDirectories(data.resolve("pg_wal"));
    for (int i = 0; i < FILES; i++) {
      byte[] content = content(i);
      if (i % 3 == 0) {
        content[8192 * (i + 2) + 17] ^= 1;
      }
      Files.write(data.resolve(relation(i)), content);
    }
    Files.write(data.resolve(relation(1)), Arrays.copyOf(content(1), 100_000));
    Files.write(data.resolve(relation(2)), Arrays.copyOf(content(2), FILE_BYTES + 70_000));
    Files.delete(data.resolve(relation(4)));
    Files.setAttribute(data.resolve(relation(5)), "unix:mode", 0640);
    Files.writeString(data.resolve("base/6/deep/1"), "another database");
    Files.writeString(data.resolve("base/5/99999"), "a later relation");
    Files.writeString(data.resolve("backup_label.old"), "START");
    Files.writeString(data.resolve("PG_VERSION"), "17\n");
    Files.writeString(data.resolve("postmaster.pid"), "999999999\n");
    Files.writeString(data.resolve("postgresql.auto.conf"), "work_mem = '9MB'\n");
    Files.writeString(data.resolve("pg_wal/000000010000000000000009"), "WAL");
    Files.write(data.resolve(ControlFile.PATH), control("7412345678901234567", 1));
  }
}
