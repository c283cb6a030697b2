package dev.chrysalis.vault.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkIndexTest {
  private static final int COUNT = 200_000;

  @Test
  void whatWasPutIsFoundAndNothingElse() {
    ChunkIndex index = new ChunkIndex(10);
    Random ids = new Random(1);
    for (int i = 0; i < COUNT; i++) {
      index.put(ids.nextLong(), ids.nextLong(), ChunkIndex.place(i, i * 7, 17 + i));
    }
    assertThat(index.size()).isEqualTo(COUNT);
    ids = new Random(1);
    for (int i = 0; i < COUNT; i++) {
      long place = index.find(ids.nextLong(), ids.nextLong());
      assertThat(ChunkIndex.packOf(place)).isEqualTo(i);
      assertThat(ChunkIndex.offsetOf(place)).isEqualTo(i * 7);
      assertThat(ChunkIndex.storedLengthOf(place)).isEqualTo(17 + i);
    }
    for (int i = 0; i < COUNT; i++) {
      assertThat(index.find(ids.nextLong(), ids.nextLong())).isEqualTo(ChunkIndex.NONE);
    }
  }

  @Test
  void theFirstPlaceStays() {
    ChunkIndex index = new ChunkIndex(0);
    index.put(1, 2L << 32, ChunkIndex.place(0, 0, 17));
    index.put(1, 2L << 32, ChunkIndex.place(5, 5, 18));
    assertThat(index.find(1, 2L << 32)).isEqualTo(ChunkIndex.place(0, 0, 17));
    assertThat(index.size()).isEqualTo(1);
  }

  @Test
  void theLargestPlaceFits() {
    int offset = PackFormat.MOST_BYTES - 1;
    long place = ChunkIndex.place(ChunkIndex.MOST_PACKS, offset, PackFormat.MOST_STORED);
    assertThat(ChunkIndex.packOf(place)).isEqualTo(ChunkIndex.MOST_PACKS);
    assertThat(ChunkIndex.offsetOf(place)).isEqualTo(offset);
    assertThat(ChunkIndex.storedLengthOf(place)).isEqualTo(PackFormat.MOST_STORED);
  }
}
