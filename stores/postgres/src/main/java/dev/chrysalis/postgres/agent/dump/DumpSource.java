package dev.chrysalis.postgres.agent.dump;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.backend.Backend;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// A compressed dump in a bucket, read as a stream from its first byte to its last, whatever its
/// size. Memory: less than a megabyte.
///
/// @param key its name in the bucket
public record DumpSource(Backend bucket, String key, CopyProgress progress) {
  private static final int GZIP_BUFFER = 64 * 1024;

  /// Looks through all of it: it must be what gzip made, whole, and so must be the dump in it.
  /// Changes nothing. Errors: `NO_SUCH_DUMP`, `DUMP_UNUSABLE`, and those of the bucket.
  public DumpContents check() {
    return copy("checking the dump", OutputStream.nullOutputStream());
  }

  /// As `check`, and hands the SQL on as it comes. An `IOException` of the receiver comes as
  /// `Refused`.
  DumpContents copy(String stage, OutputStream to) {
    long size =
        bucket
            .size(key)
            .orElseThrow(() ->
                new ChrysalisException(
                    PostgresErrors.NO_SUCH_DUMP,
                    "there is no " + key + " in " + bucket,
                    "see which dumps there are: chrysalis restore-points --dumps"));
    MessageDigest digest = sha256();
    DumpScan scan = new DumpScan();
    long[] bytes = {0};
    try (InputStream stored =
        new Counted(
            new DigestInputStream(bucket.open(key, 0, Long.MAX_VALUE), digest),
            read -> progress.progress(stage, read, size))) {
      try (InputStream sql = new GZIPInputStream(stored, GZIP_BUFFER)) {
        new DumpLines(sql)
            .read((line, offset, length, begins) -> {
              bytes[0] += length;
              if (scan.see(line, offset, length, begins) == DumpScan.Line.SQL) {
                hand(to, line, offset, length);
              }
            });
      }
    } catch (ZipException | EOFException e) {
      throw unusable("it is no whole gzip file: " + e.getMessage(), e);
    } catch (IOException e) {
      if (e.getCause() instanceof ChrysalisException lost) {
        throw lost;
      }
      throw unusable("it cannot be read to its end: " + e.getMessage(), e);
    }
    return scan.end(bytes[0], HexFormat.of().formatHex(digest.digest()));
  }

  /// Whoever received the SQL takes no more.
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(IOException cause) {
      super(cause);
    }
  }

  private static void hand(OutputStream to, byte[] line, int offset, int length) {
    try {
      to.write(line, offset, length);
    } catch (IOException e) {
      throw new Refused(e);
    }
  }

  private ChrysalisException unusable(String why, IOException e) {
    return new ChrysalisException(
        PostgresErrors.DUMP_UNUSABLE,
        "the dump %s of %s cannot be restored: %s".formatted(key, bucket, why),
        "see whether another one is whole: chrysalis restore-points --dumps",
        e);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK lacks SHA-256", e);
    }
  }

  /// Tells how much was read.
  private static final class Counted extends FilterInputStream {
    private final java.util.function.LongConsumer told;
    private long read;

    Counted(InputStream in, java.util.function.LongConsumer told) {
      super(in);
      this.told = told;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? -1 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int got = super.read(into, offset, length);
      count(got);
      return got;
    }

    private void count(int got) {
      if (got > 0) {
        read += got;
        told.accept(read);
      }
    }
  }
}
