package dev.chrysalis.postgres.agent.files;

import java.nio.ByteBuffer;

/// PostgreSQL's page checksum, as `src/include/storage/checksum_impl.h` defines it:
///
/// 1. 32 FNV-1a-like hashes run side by side, each over every 32nd word of the page, with the
///    checksum field taken as zero;
/// 2. two rounds of zeros mix them;
/// 3. they are folded with xor, then the block's number is mixed in and the result brought into 1
///    to 65535.
///
/// Property: zero is never a checksum. The inner loop has no dependencies between its lanes, so
/// that the JIT compiler turns it into vector code. Not safe for many threads: it reuses its
/// arrays.
final class PageChecksum {
  /// The only page size that is supported: PostgreSQL's default.
  static final int PAGE_BYTES = 8192;

  private static final int LANES = 32;
  private static final int ROWS = PAGE_BYTES / (4 * LANES);
  private static final int PRIME = 16777619;
  private static final int[] OFFSETS = {
    0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
    0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
    0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
    0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
  };

  private final int[] words = new int[PAGE_BYTES / 4];
  private final int[] sums = new int[LANES];

  /// The checksum of the page that begins at `offset` of a little-endian buffer.
  ///
  /// @param block the page's number in its relation, over all segments
  int of(ByteBuffer buffer, int offset, int block) {
    buffer.slice(offset, PAGE_BYTES).order(buffer.order()).asIntBuffer().get(words);
    words[2] &= 0xFFFF0000;
    System.arraycopy(OFFSETS, 0, sums, 0, LANES);
    for (int row = 0; row < ROWS; row++) {
      mix(words, row * LANES);
    }
    for (int round = 0; round < 2; round++) {
      for (int lane = 0; lane < LANES; lane++) {
        sums[lane] = sums[lane] * PRIME ^ (sums[lane] >>> 17);
      }
    }
    int folded = 0;
    for (int sum : sums) {
      folded ^= sum;
    }
    return Integer.remainderUnsigned(folded ^ block, 65535) + 1;
  }

  private void mix(int[] from, int start) {
    for (int lane = 0; lane < LANES; lane++) {
      int mixed = sums[lane] ^ from[start + lane];
      sums[lane] = mixed * PRIME ^ (mixed >>> 17);
    }
  }
}
