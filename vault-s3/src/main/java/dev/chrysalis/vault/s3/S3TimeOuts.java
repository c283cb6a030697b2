package dev.chrysalis.vault.s3;

import java.time.Duration;

/// How long a call to the store may take.
///
/// @param connect until a connection stands
/// @param silence between two bytes from the store
/// @param call for one whole call; an upload gets a second more for every 128 KiB
public record S3TimeOuts(Duration connect, Duration silence, Duration call) {
  private static final long SLOWEST_BYTES_PER_SECOND = 128 * 1024;

  public S3TimeOuts {
    if (!connect.isPositive() || !silence.isPositive() || !call.isPositive()) {
      throw new IllegalArgumentException("time-outs are longer than nothing");
    }
  }

  /// 5 s to connect, 30 s of silence, 60 s for a call.
  public static S3TimeOuts standard() {
    return new S3TimeOuts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  Duration upload(long bytes) {
    return call.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
  }
}
