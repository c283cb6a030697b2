package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.aof.RdbCheck;
import dev.chrysalis.redis.archive.BaseFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// Writes base and log under temporary names, durably, and gives them their own names last. Memory:
/// 256 KiB, and what the sources need.
final class VolumeWriter {
  private static final int BUFFER = 256 * 1024;
  private static final int FOLDER_MODE = 0700;

  private final PrivateFiles files;
  private final RestoreContent content;
  private final CopyProgress progress;
  private final RestoreTarget target;
  private long done;

  VolumeWriter(
      PrivateFiles files, RestoreContent content, RestoreTarget target, CopyProgress progress) {
    this.files = files;
    this.content = content;
    this.target = target;
    this.progress = progress;
  }

  /// Writes all of it. Nothing has its own name before everything is durable.
  void write(VolumeLayout layout) throws IOException {
    Path data = target.data();
    switch (layout) {
      case VolumeLayout.Manifest manifest -> {
        Path folder = data.resolve(manifest.folder());
        Path fresh = fresh(folder);
        files.directory(fresh, FOLDER_MODE);
        try (FileChannel base = files.create(fresh.resolve(manifest.base()))) {
          writeBase(base);
          base.force(true);
        }
        try (FileChannel log = files.create(fresh.resolve(manifest.log()))) {
          writeLog(log);
          log.force(true);
        }
        files.replace(fresh.resolve(manifest.manifest()), manifest.text());
        files.rename(fresh, folder);
      }
      case VolumeLayout.Single single -> {
        try (FileChannel file = files.create(fresh(data.resolve(single.file())))) {
          writeBase(file);
          writeLog(file);
          file.force(true);
        }
        files.rename(fresh(data.resolve(single.file())), data.resolve(single.file()));
      }
      case VolumeLayout.Rdb rdb -> {
        try (FileChannel file = files.create(fresh(data.resolve(rdb.file())))) {
          writeBase(file);
          file.force(true);
        }
        files.rename(fresh(data.resolve(rdb.file())), data.resolve(rdb.file()));
      }
    }
  }

  private static Path fresh(Path path) {
    return path.resolveSibling(path.getFileName() + PrivateFiles.SUFFIX);
  }

  private void writeBase(FileChannel to) throws IOException {
    if (content.format() == BaseFacts.Format.AOF) {
      long written = copy("restoring the base", content.base(), to, (_, _) -> {});
      requireWhole("base", written, content.baseBytes());
      return;
    }
    RdbCheck check = new RdbCheck(content.baseBytes());
    long written =
        copy("restoring the base", content.base(), to, (bytes, at) -> check(check, bytes, at));
    requireWhole("base", written, content.baseBytes());
    if (!check.isWhole()) {
      try (InputStream again = content.base().open()) {
        check.require(again);
      }
    }
  }

  private void check(RdbCheck check, ByteBuffer bytes, long at) {
    if (at == 0) {
      // Before gigabytes are written that nobody can load.
      byte[] head = new byte[bytes.remaining()];
      bytes.get(bytes.position(), head);
      RdbHead.of(content.name(), head, head.length).requireReadable(target.server());
    }
    if (at + bytes.remaining() > content.baseBytes()) {
      requireWhole("base", at + bytes.remaining(), content.baseBytes());
    }
    check.feed(bytes);
  }

  /// Looks at what is copied.
  @FunctionalInterface
  private interface Look {
    void at(ByteBuffer bytes, long position);
  }

  private void writeLog(FileChannel to) throws IOException {
    if (content.logBytes() > 0) {
      requireWhole(
          "log", copy("restoring the log", content.log(), to, (_, _) -> {}), content.logBytes());
    }
  }

  private void requireWhole(String what, long written, long expected) {
    if (written != expected) {
      throw new ChrysalisException(
          RedisErrors.RDB_DAMAGED,
          "the %s of %s has %d bytes and should have %d"
              .formatted(what, content.name(), written, expected),
          "nothing that a server would load is left of it; choose another one");
    }
  }

  private long copy(String stage, RestoreContent.Source source, FileChannel to, Look look)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long written = 0;
    try (InputStream in = source.open()) {
      for (int got = read(in, buffer); got >= 0; got = read(in, buffer)) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, got);
        look.at(bytes, written);
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
        written += got;
        done += got;
        progress.progress(stage, done, content.bytes());
      }
    }
    return written;
  }

  /// A source's trouble is not the volume's.
  private int read(InputStream in, byte[] buffer) {
    try {
      int got = in.readNBytes(buffer, 0, buffer.length);
      return got == 0 ? -1 : got;
    } catch (IOException e) {
      if (e.getCause() instanceof ChrysalisException lost) {
        throw lost;
      }
      throw new ChrysalisException(
          RedisErrors.RDB_DAMAGED,
          "%s cannot be read to its end: %s".formatted(content.name(), e.getMessage()),
          "nothing that a server would load is left of it; see whether its place can be reached,"
              + " then repeat",
          e);
    }
  }
}
