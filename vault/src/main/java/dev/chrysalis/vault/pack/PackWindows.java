package dev.chrysalis.vault.pack;

import dev.chrysalis.vault.backend.Backend;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads stretches of packs, so that a restore that reads chunk after chunk does not pay one
/// request for each. Safe for many threads.
///
/// 1. A stretch that a window in memory holds, or is fetching, is taken from there.
/// 2. Else a window is fetched that begins with it: a small one, or, where it lies so shortly
///    behind the pack's last window that the backend had sooner read on, twice as much as that one,
///    up to the largest window.
/// 3. Windows that were not used for longest go when all together hold more than three quarters of
///    the limit. The memory of one is used again when nobody looks at it any more: a small heap
///    would spend its time on collecting them.
///
/// Kept: single reads stay small, sequential reads become few, memory is bounded by the limit and
/// the windows in use.
final class PackWindows {
  private static final int FIRST_BYTES = 64 * 1024;
  private static final int LARGE_BYTES = 512 * 1024;
  private static final int MOST_TRACKS = 4096;

  private static final int IDLE_SHARE = 4;

  private final Backend backend;
  private final long limit;
  private final int largest;
  private final int gap;

  private final Map<String, Track> tracks = new HashMap<>();
  private final LinkedHashSet<Window> byUse = new LinkedHashSet<>();
  private final Map<Integer, Deque<byte[]>> idle = new HashMap<>();
  private long idleBytes;
  private long held;

  PackWindows(Backend backend, long limit) {
    this.backend = backend;
    this.limit = limit;
    this.gap = backend.traits().gapBytes();
    this.largest = Math.clamp(limit / 16, FIRST_BYTES, 4 << 20);
  }

  /// Lets the stretch be looked at, in a buffer on the heap that others may look at too and that
  /// holds something else afterwards.
  void look(String pack, long packSize, long offset, int length, Consumer<ByteBuffer> reader) {
    Window window;
    boolean fetch = false;
    synchronized (this) {
      Track track = tracks.computeIfAbsent(pack, name -> new Track());
      Window found = track.holding(offset, length);
      if (found == null) {
        int size = track.next(offset, length, packSize);
        found = new Window(pack, offset, size, memory(size));
        track.windows.add(found);
        held += found.memory.length;
        fetch = true;
      }
      window = found;
      window.readers++;
      byUse.remove(window);
      byUse.add(window);
      shrink();
    }
    try {
      byte[] bytes = fetch ? fetch(window) : wait(window);
      reader.accept(ByteBuffer.wrap(bytes, (int) (offset - window.offset), length));
    } finally {
      release(window);
    }
  }

  /// In few sizes, so that most can be used again.
  private byte[] memory(int size) {
    int rounded =
        size > LARGE_BYTES
            ? Math.max(size, Integer.highestOneBit(size - 1) << 1)
            : Math.ceilDiv(size, FIRST_BYTES) * FIRST_BYTES;
    byte[] used = idle.getOrDefault(rounded, new ArrayDeque<>()).poll();
    if (used == null) {
      return new byte[rounded];
    }
    idleBytes -= rounded;
    return used;
  }

  private synchronized void release(Window window) {
    window.readers--;
    reuse(window);
  }

  private void reuse(Window window) {
    int size = window.memory.length;
    if (window.readers == 0 && !byUse.contains(window) && idleBytes + size <= limit / IDLE_SHARE) {
      idle.computeIfAbsent(size, _ -> new ArrayDeque<>()).add(window.memory);
      idleBytes += size;
    }
  }

  private byte[] fetch(Window window) {
    try {
      Ranges.read(backend, window.pack, window.offset, window.length, window.memory);
      window.content.complete(window.memory);
      return window.memory;
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        remove(window);
      }
      window.content.completeExceptionally(e);
      throw e;
    }
  }

  private static byte[] wait(Window window) {
    try {
      return window.content.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw e;
    }
  }

  private void shrink() {
    Iterator<Window> oldest = byUse.iterator();
    while (held > limit - limit / IDLE_SHARE && byUse.size() > 1) {
      Window window = oldest.next();
      oldest.remove();
      forget(window);
    }
    if (tracks.size() > MOST_TRACKS) {
      tracks.values().removeIf(track -> track.windows.isEmpty());
    }
  }

  private void remove(Window window) {
    if (byUse.remove(window)) {
      forget(window);
    }
  }

  private void forget(Window window) {
    held -= window.memory.length;
    Track track = tracks.get(window.pack);
    if (track != null) {
      track.windows.remove(window);
    }
    reuse(window);
  }

  private static final class Window {
    final String pack;
    final long offset;
    final int length;

    /// At least as long.
    final byte[] memory;

    final CompletableFuture<byte[]> content = new CompletableFuture<>();
    int readers;

    Window(String pack, long offset, int length, byte[] memory) {
      this.pack = pack;
      this.offset = offset;
      this.length = length;
      this.memory = memory;
    }
  }

  /// What was read of one pack.
  private final class Track {
    final List<Window> windows = new ArrayList<>();
    private long lastEnd = -1;
    private int lastLength;

    @Nullable Window holding(long offset, int length) {
      for (Window window : windows) {
        if (window.offset <= offset && offset + length <= window.offset + window.length) {
          return window;
        }
      }
      return null;
    }

    int next(long offset, int length, long packSize) {
      boolean sequential =
          lastEnd >= 0 && offset >= lastEnd - lastLength && offset <= lastEnd + gap;
      int wanted = sequential ? Math.min(largest, lastLength * 2) : FIRST_BYTES;
      int size = (int) Math.min(packSize - offset, Math.max(wanted, length));
      lastEnd = offset + size;
      lastLength = size;
      return size;
    }
  }
}
