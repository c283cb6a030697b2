package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.postgres.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/// Verifies the pages of a piece of a relation's file:
///
/// 1. a page that is all zeros is new, and right;
/// 2. a page whose checksum is wrong is read once more, since the server may have been writing it;
/// 3. if it is right then, its second reading takes the place of the first; else it is reported.
///
/// Not safe for many threads.
final class PageVerifier {
  static final int PAGES_PER_SEGMENT = 131072;

  private final PageChecksum checksum = new PageChecksum();
  private final ByteBuffer zeros = ByteBuffer.allocate(PageChecksum.PAGE_BYTES);
  private final ByteBuffer again =
      ByteBuffer.allocateDirect(PageChecksum.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final DamagedPages damaged;

  PageVerifier(DamagedPages damaged) {
    this.damaged = damaged;
  }

  /// Verifies the whole pages from 0 to the limit of a little-endian buffer.
  ///
  /// @param position where the buffer's content begins in the file; a multiple of a page
  /// @param firstBlock the number of the file's first page in the relation
  void verify(FileChannel file, String path, ByteBuffer pages, long position, int firstBlock)
      throws IOException {
    int size = PageChecksum.PAGE_BYTES;
    for (int at = 0; at + size <= pages.limit(); at += size) {
      int block = firstBlock + (int) ((position + at) / size);
      if (isGood(pages, at, block)) {
        continue;
      }
      again.clear();
      int got = file.read(again, position + at);
      if (got == size && isGood(again, 0, block)) {
        pages.put(at, again, 0, size);
      } else {
        long changed = ((long) pages.getInt(at) << 32) | (pages.getInt(at + 4) & 0xFFFFFFFFL);
        damaged.add(path, block, new Lsn(changed));
      }
    }
  }

  private boolean isGood(ByteBuffer buffer, int at, int block) {
    boolean unused = buffer.getShort(at + 14) == 0;
    if (unused && buffer.slice(at, PageChecksum.PAGE_BYTES).mismatch(zeros) < 0) {
      return true;
    }
    return checksum.of(buffer, at, block) == (buffer.getShort(at + 8) & 0xFFFF);
  }
}
