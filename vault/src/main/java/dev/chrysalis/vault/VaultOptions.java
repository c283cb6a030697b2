package dev.chrysalis.vault;

import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// How an open vault uses this machine. Nothing here changes what can be read later.
///
/// @param packBytes the size of packs, 1 to 32 MiB
/// @param packsInMemory how many packs a snapshot's writer may hold, being filled or uploaded
/// @param compressionLevel zstd's level for chunks; on so short pieces 1 packs database pages as
///   tightly as 3, in less than half the time
/// @param readCacheBytes how much of packs an open snapshot may keep in memory
/// @param requestsAtOnce how many small requests may be under way side by side for one call
/// @param spool a directory for temporary files: sorted manifests and index objects under way,
///   about 50 bytes for each chunk that a snapshot refers to
/// @param notices hears of damage that was worked around (an index or pack footer that cannot be
///   read: its chunks are stored anew); called by many threads
public record VaultOptions(
    int packBytes,
    int packsInMemory,
    int compressionLevel,
    long readCacheBytes,
    int requestsAtOnce,
    Path spool,
    Consumer<ChrysalisException> notices) {

  public VaultOptions {
    if (packBytes < 1 << 20 || packBytes > 32 << 20) {
      throw new IllegalArgumentException("packs of " + packBytes + " bytes");
    }
    if (requestsAtOnce < 1) {
      throw new IllegalArgumentException("no request at once");
    }
    if (packsInMemory < 2 || compressionLevel < 1 || compressionLevel > 19) {
      throw new IllegalArgumentException("too few packs in memory, or no level of zstd");
    }
  }

  /// Packs of 16 MiB, three of them in memory, level 1, 32 MiB to read with, the machine's
  /// directory for temporary files, and nobody who hears notices.
  public static VaultOptions defaults() {
    Path spool = Path.of(System.getProperty("java.io.tmpdir"));
    return new VaultOptions(16 << 20, 3, 1, 32 << 20, 16, spool, notice -> {});
  }

  public VaultOptions withSpool(Path directory) {
    return new VaultOptions(
        packBytes,
        packsInMemory,
        compressionLevel,
        readCacheBytes,
        requestsAtOnce,
        directory,
        notices);
  }

  public VaultOptions withNotices(Consumer<ChrysalisException> hearer) {
    return new VaultOptions(
        packBytes, packsInMemory, compressionLevel, readCacheBytes, requestsAtOnce, spool, hearer);
  }

  public VaultOptions withPacks(int bytes, int inMemory) {
    return new VaultOptions(
        bytes, inMemory, compressionLevel, readCacheBytes, requestsAtOnce, spool, notices);
  }

  public VaultOptions withCompressionLevel(int level) {
    return new VaultOptions(
        packBytes, packsInMemory, level, readCacheBytes, requestsAtOnce, spool, notices);
  }

  public VaultOptions withRequestsAtOnce(int number) {
    return new VaultOptions(
        packBytes, packsInMemory, compressionLevel, readCacheBytes, number, spool, notices);
  }
}
