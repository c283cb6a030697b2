package dev.chrysalis.vault.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
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

  /// Every fifth stretch of a pack, as of a file of which a few pages are other ones.
  @Test
  void readsOverGapsOnlyWhereTheBackendWouldSooner() {
    assertThat(bytesReadForStretchesApart(64 << 10)).isEqualTo(5 * (64 << 10));
    assertThat(bytesReadForStretchesApart(1 << 20)).isGreaterThan(SIZE / 2);
  }

  private long bytesReadForStretchesApart(int gap) {
    AtomicLong read = new AtomicLong();
    PackWindows windows = new PackWindows(new Measured(backend, gap, read), 64 << 20);
    for (int offset = 0; offset < 1_000_000; offset += 200_000) {
      windows.look("pack-0", SIZE, offset, 10_000, _ -> {});
    }
    return read.get();
  }

  private record Measured(Backend inner, int gap, AtomicLong read) implements Backend {
    @Override
    public Traits traits() {
      return new Traits(false, SIZE, gap);
    }

    @Override
    public Created create(String key, Body body) {
      return inner.create(key, body);
    }

    @Override
    public InputStream open(String key, long offset, long length) {
      read.addAndGet(length);
      return inner.open(key, offset, length);
    }

    @Override
    public OptionalLong size(String key) {
      return inner.size(key);
    }

    @Override
    public Stream<Listed> list(String prefix) {
      return inner.list(prefix);
    }

    @Override
    public void close() {}
  }
}
