package dev.chrysalis.vault.snapshot;

import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.Spool;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Sorts a manifest's encoded entries by path, however many they are. Safe for many threads until
/// `sorted`.
///
/// 1. Entries are collected in memory, at most about 8 MiB of them.
/// 2. When these are full they are sorted and written as a run to a private spool file.
/// 3. In the end all runs are read side by side, always the smallest path first.
final class EntrySorter implements AutoCloseable {
  private static final int RUN_BYTES = 8 << 20;
  private static final int ENTRY_OVERHEAD = 160;
  private static final int BUFFER_BYTES = 32 * 1024;

  private static final class Item {
    final String path;
    final byte[] entry;

    Item(String path, byte[] entry) {
      this.path = path;
      this.entry = entry;
    }
  }

  private record Run(long from, long to) {}

  /// Takes the entries in their order.
  interface Taker {
    void entry(String path, byte[] entry) throws IOException;
  }

  private final Path directory;
  private final List<Run> runs = new ArrayList<>();
  private List<Item> items = new ArrayList<>();
  private long held;
  private @Nullable Spool spool;

  EntrySorter(Path directory) {
    this.directory = directory;
  }

  synchronized void add(String path, byte[] entry) {
    items.add(new Item(path, entry));
    held += entry.length + path.length() + ENTRY_OVERHEAD;
    if (held >= RUN_BYTES) {
      spill();
    }
  }

  /// Hands out all entries, smallest path first.
  synchronized void sorted(Taker taker) {
    try {
      if (runs.isEmpty()) {
        items.sort(Comparator.comparing((Item item) -> item.path));
        for (Item item : items) {
          taker.entry(item.path, item.entry);
        }
      } else {
        spill();
        merge(taker);
      }
    } catch (IOException e) {
      throw Damage.spool(e);
    }
  }

  private void spill() {
    Spool file = spool;
    if (file == null) {
      file = new Spool(directory);
      spool = file;
    }
    long from = file.size();
    items.sort(Comparator.comparing((Item item) -> item.path));
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(file.appender(), BUFFER_BYTES))) {
      for (Item item : items) {
        out.writeInt(item.entry.length);
        out.write(item.entry);
      }
    } catch (IOException e) {
      throw Damage.spool(e);
    }
    runs.add(new Run(from, file.size()));
    items = new ArrayList<>();
    held = 0;
  }

  private void merge(Taker taker) throws IOException {
    PriorityQueue<Cursor> cursors =
        new PriorityQueue<>(Comparator.comparing((Cursor cursor) -> cursor.path));
    for (Run run : runs) {
      Cursor cursor = new Cursor(run);
      if (cursor.next()) {
        cursors.add(cursor);
      }
    }
    for (Cursor first = cursors.poll(); first != null; first = cursors.poll()) {
      taker.entry(first.path, first.entry);
      if (first.next()) {
        cursors.add(first);
      }
    }
  }

  @Override
  public synchronized void close() {
    if (spool != null) {
      spool.close();
    }
  }

  private final class Cursor {
    private final DataInputStream in;
    private long left;
    private String path = "";
    private byte[] entry = new byte[0];

    Cursor(Run run) {
      Spool file = Objects.requireNonNull(spool);
      this.in =
          new DataInputStream(
              new BufferedInputStream(file.read(run.from(), run.to()), BUFFER_BYTES));
      this.left = run.to() - run.from();
    }

    boolean next() throws IOException {
      if (left == 0) {
        return false;
      }
      entry = new byte[in.readInt()];
      in.readFully(entry);
      left -= Integer.BYTES + entry.length;
      path = Fields.text(new DataInputStream(new ByteArrayInputStream(entry)));
      return true;
    }
  }
}
