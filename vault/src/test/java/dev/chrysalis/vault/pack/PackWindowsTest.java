package dev.chrysalis.vault.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PackWindowsTest {
  private static final int SIZE = 1 << 20;
  private static final int PACKS = 4;
  private static final int THREADS = 8;
  private static final int LOOKS = 1500;

  private final MemoryBackend backend = new MemoryBackend();
  private final List<byte[]> packs = new ArrayList<>();

  PackWindowsTest() {
    for (int i = 0; i < PACKS; i++) {
      packs.add(VaultFixture.noise(i, SIZE));
      Object _ = backend.create("pack-" + i, Body.of(packs.get(i)));
    }
  }

  /// With room for a few windows only, so that their memory is used again all the time.
  @Test
  void showsEachReaderItsOwnStretchForAsLongAsItLooks() throws Exception {
    PackWindows windows = new PackWindows(backend, 512 << 10);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(i);
        all.add(threads.submit(() -> look(windows, random)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private void look(PackWindows windows, Random random) {
    int offset = 0;
    int pack = 0;
    for (int i = 0; i < LOOKS; i++) {
      int length = 1 + random.nextInt(60_000);
      boolean jumps = random.nextInt(10) == 0 || offset + length > SIZE;
      pack = jumps ? random.nextInt(PACKS) : pack;
      offset = jumps ? random.nextInt(SIZE - length) : offset;
      ByteBuffer expected = ByteBuffer.wrap(packs.get(pack), offset, length);
      windows.look(
          "pack-" + pack,
          SIZE,
          offset,
          length,
          found -> {
            assertThat(found.equals(expected)).isTrue();
            LockSupport.parkNanos(1000);
            assertThat(found.equals(expected)).isTrue();
          });
      offset += length;
    }
  }

  @Test
  void readsAgainWhatCouldNotBeRead() {
    PackWindows windows = new PackWindows(backend, 512 << 10);
    assertThatThrownBy(() -> windows.look("pack-9", SIZE, 0, 10, _ -> {}))
        .isInstanceOf(ChrysalisException.class);

    byte[] late = VaultFixture.noise(9, SIZE);
    Object _ = backend.create("pack-9", Body.of(late));

    windows.look(
        "pack-9", SIZE, 0, 10, found -> assertThat(found).isEqualTo(ByteBuffer.wrap(late, 0, 10)));
  }
}
