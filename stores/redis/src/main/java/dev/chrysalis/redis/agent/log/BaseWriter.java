package dev.chrysalis.redis.agent.log;

import dev.chrysalis.redis.agent.aof.RdbCheck;
import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes a base into the vault: its content, the server's configuration and its users. What says
/// that it is an RDB is checked on the way; a damaged one is no base.
final class BaseWriter {
  private static final int PRIVATE = 0600;
  private static final long LARGEST_TEXT = 16L << 20;

  private final Vault vault;
  private final String store;
  private final BaseProgress progress;

  BaseWriter(Vault vault, String store, BaseProgress progress) {
    this.vault = vault;
    this.store = store;
    this.progress = progress;
  }

  /// @param configuration the server's configuration file
  /// @param users its `aclfile`
  /// @param beforeCommit returns once the log covers what the base needs
  Snapshot write(
      BasePart part, Optional<Path> configuration, Optional<Path> users, Runnable beforeCommit) {
    try (SnapshotWriter writer = vault.beginSnapshot(store)) {
      copy(part, writer);
      configuration.ifPresent(file -> text("redis.conf", file, writer));
      users.ifPresent(file -> text("users.acl", file, writer));
      beforeCommit.run();
      return writer.commit(part.facts().toMap());
    }
  }

  private void copy(BasePart part, SnapshotWriter writer) {
    List<Chunk> chunks = new ArrayList<>();
    RdbCheck check = new RdbCheck(part.length());
    ByteBuffer buffer = ByteBuffer.allocate(SnapshotWriter.CHUNK_BYTES);
    for (long at = 0; at < part.length(); ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), part.length() - at));
      OpenFile file = part.file().orElseThrow();
      file.read(at, buffer);
      if (!buffer.hasRemaining()) {
        throw AofFolder.unreadable(file.path(), new IOException("it ends at byte " + at));
      }
      at += buffer.remaining();
      check.feed(buffer);
      chunks.add(writer.store(buffer));
      progress.progress("copying the base", at, part.length());
    }
    if (part.facts().format() == BaseFacts.Format.RDB) {
      check.require(part.file().orElseThrow().stream());
    }
    writer.add(entry(BaseFacts.FILE, part.length(), part.facts().at(), chunks));
  }

  private void text(String name, Path file, SnapshotWriter writer) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_TEXT) {
        progress.note("there is no " + file + " to take along");
        return;
      }
      ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
      long size = content.remaining();
      List<Chunk> chunks = new ArrayList<>();
      while (content.hasRemaining()) {
        int end = Math.min(content.position() + SnapshotWriter.CHUNK_BYTES, content.capacity());
        chunks.add(writer.store(content.slice(content.position(), end - content.position())));
        content.position(end);
      }
      writer.add(entry(name, size, Files.getLastModifiedTime(file).toInstant(), chunks));
    } catch (IOException e) {
      progress.note("cannot read " + file + " to take it along: " + e);
    }
  }

  private static FileEntry entry(String name, long size, Instant modified, List<Chunk> chunks) {
    return new FileEntry(name, FileEntry.Kind.FILE, PRIVATE, size, modified, "", chunks);
  }
}
