package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.aof.RdbCheck;
import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.vault.backend.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// An RDB file that was copied to a bucket by hand before Chrysalis came: `redis/dump.rdb`. Read as
/// a stream from its first byte to its last, whatever its size.
///
/// @param key its name in the bucket
public record PlainDump(Backend bucket, String key) {
  /// What the written runbook calls it.
  public static final String KEY = Datastore.Kind.Redis.DUMP;

  private static final int BUFFER = 256 * 1024;

  /// What a look through a dump has found.
  ///
  /// @param version of the server that wrote it; empty where it does not say
  public record Checked(long bytes, String version) {}

  /// Looks through all of it. Changes nothing. Errors: `NO_SUCH_DUMP`, `RDB_DAMAGED`,
  /// `NEWER_VERSION`, and those of the bucket.
  ///
  /// @param server the release that is to load it; empty where that is not known
  public Checked check(Optional<RedisVersion> server, CopyProgress progress) {
    long size = size();
    RdbHead head = head();
    head.requireReadable(server);
    RdbCheck check = new RdbCheck(size);
    byte[] buffer = new byte[BUFFER];
    long read = 0;
    try (InputStream in = bucket.open(key, 0, size)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        check.feed(ByteBuffer.wrap(buffer, 0, got));
        read += got;
        progress.progress("checking the dump", read, size);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (!check.isWhole()) {
      walk(check);
    }
    return new Checked(read, head.writer().map(RedisVersion::toString).orElse(""));
  }

  private void walk(RdbCheck check) {
    try (InputStream again = open()) {
      check.require(again);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private RdbHead head() {
    try (InputStream in = bucket.open(key, 0, RdbHead.BYTES)) {
      byte[] bytes = in.readAllBytes();
      return RdbHead.of(name(), bytes, bytes.length);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private ChrysalisException unreadable(IOException e) {
    return e.getCause() instanceof ChrysalisException lost
        ? lost
        : new ChrysalisException(
            RedisErrors.RDB_DAMAGED,
            "%s cannot be read to its end: %s".formatted(name(), e.getMessage()),
            "nothing was touched; see whether its place can be reached, then repeat",
            e);
  }

  /// Restores it into an empty volume (`VolumeFill`): as base of an append-only file where the
  /// configuration has that on, since a server then ignores an RDB file. Its size; it is checked
  /// once more while it passes.
  public long restore(JobId job, RestoreTarget target, CopyProgress progress) {
    long size = size();
    RestoreContent content =
        new RestoreContent(
            mark(size),
            name(),
            BaseFacts.Format.RDB,
            size,
            this::open,
            0,
            InputStream::nullInputStream,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    head().requireReadable(target.server());
    boolean _ = new VolumeFill(target, progress).run(job, content);
    return size;
  }

  private InputStream open() {
    return bucket.open(key, 0, Long.MAX_VALUE);
  }

  private String name() {
    return "the dump %s of %s".formatted(key, bucket);
  }

  private long size() {
    return bucket
        .size(key)
        .orElseThrow(() ->
            new ChrysalisException(
                RedisErrors.NO_SUCH_DUMP,
                "there is no " + key + " in " + bucket,
                "nothing was touched; look at what lies there, and name the dump: --key"));
  }

  /// By which the same job knows its own work again.
  private String mark(long size) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((bucket + " " + key).getBytes(StandardCharsets.UTF_8));
      return "dump-%d-%s".formatted(size, HexFormat.of().formatHex(hash, 0, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK lacks SHA-256", e);
    }
  }
}
