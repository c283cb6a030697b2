package dev.chrysalis.vault.pack;

import dev.chrysalis.vault.backend.Backend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Reads stretches of packs, so that a restore that reads chunk after chunk does not pay one
/// request for each. Safe for many threads.
///
/// 1. A stretch that a window in memory holds, or is fetching, is taken from there.
/// 2. Else a window is fetched that begins with it: a small one, or, where it lies shortly behind
///    the pack's last window, twice as much as that one, up to the largest window.
/// 3. Windows that were not used for longest go when all together hold more than the limit.
///
/// Kept: single reads stay small, sequential reads become few, memory is bounded by the limit and
/// the windows in use.
final class PackWindows {
  private static final int FIRST_BYTES = 64 * 1024;
  private static final int GAP_BYTES = 1 << 20;
  private static final int MOST_TRACKS = 4096;

  private final Backend backend;
  private final long limit;
  private final int largest;

  private final Map<String, Track> tracks = new HashMap<>();
  private final LinkedHashSet<Window> byUse = new LinkedHashSet<>();
  private long held;

  PackWindows(Backend backend, long limit) {
    this.backend = backend;
    this.limit = limit;
    this.largest = Math.clamp(limit / 16, FIRST_BYTES, 4 << 20);
  }

  /// The stretch, in a buffer on the heap that others may look at too.
  ByteBuffer get(String pack, long packSize, long offset, int length) {
    Window window;
    boolean fetch = false;
    synchronized (this) {
      Track track = tracks.computeIfAbsent(pack, name -> new Track());
      Window found = track.holding(offset, length);
      if (found == null) {
        found = new Window(pack, offset, track.next(offset, length, packSize, largest));
        track.windows.add(found);
        held += found.length;
        fetch = true;
      }
      window = found;
      byUse.remove(window);
      byUse.add(window);
      shrink();
    }
    byte[] bytes = fetch ? fetch(window) : wait(window);
    return ByteBuffer.wrap(bytes, (int) (offset - window.offset), length);
  }

  private byte[] fetch(Window window) {
    try {
      byte[] bytes = Ranges.read(backend, window.pack, window.offset, window.length);
      window.content.complete(bytes);
      return bytes;
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
    while (held > limit && byUse.size() > 1) {
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
    held -= window.length;
    Track track = tracks.get(window.pack);
    if (track != null) {
      track.windows.remove(window);
    }
  }

  private static final class Window {
    final String pack;
    final long offset;
    final int length;
    final CompletableFuture<byte[]> content = new CompletableFuture<>();

    Window(String pack, long offset, int length) {
      this.pack = pack;
      this.offset = offset;
      this.length = length;
    }
  }

  /// What was read of one pack.
  private static final class Track {
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

    int next(long offset, int length, long packSize, int largest) {
      boolean sequential =
          lastEnd >= 0 && offset >= lastEnd - lastLength && offset <= lastEnd + GAP_BYTES;
      int wanted = sequential ? Math.min(largest, lastLength * 2) : FIRST_BYTES;
      int size = (int) Math.min(packSize - offset, Math.max(wanted, length));
      lastEnd = offset + size;
      lastLength = size;
      return size;
    }
  }
}
