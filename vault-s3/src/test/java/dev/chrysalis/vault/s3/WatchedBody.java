package dev.chrysalis.vault.s3;

import dev.chrysalis.vault.backend.Body;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/// A body that measures, near its end, how much the process holds by then.
record WatchedBody(Body body, long measureAt, AtomicLong seen) implements Body {
  WatchedBody(Body body, long measureAt) {
    this(body, measureAt, new AtomicLong());
  }

  /// What is reachable, in bytes.
  static long liveHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// The most that was reachable when a stream came to the place, or 0 when none did.
  long liveHeapSeen() {
    return seen.get();
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public InputStream open() throws IOException {
    return new FilterInputStream(body.open()) {
      private long done;

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        int got = super.read(into, offset, length);
        if (done < measureAt && done + got >= measureAt) {
          seen.accumulateAndGet(liveHeap(), Math::max);
        }
        done += got;
        return got;
      }
    };
  }
}
