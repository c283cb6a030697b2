package dev.chrysalis.vault.pack;

/// Which chunk lies where, for a whole store, in about 40 bytes a chunk. Safe for many threads.
///
/// 1. The first 16 bytes of a chunk's id are its key; ids are keyed hashes, so two chunks that
///    agree in them do not occur.
/// 2. The id's first six bits choose one of 64 shards, each with its own lock, so that growing
///    copies a small part only.
/// 3. A shard is one array of slots of three longs (id, id, place) with linear probing, at most
///    four fifths full, growing by half.
/// 4. A place is pack + 1 (21 bits), offset (25 bits), stored length - 17 (18 bits); 0 is an empty
///    slot.
public final class ChunkIndex {
  public static final long NONE = 0;

  /// The most packs that places can name.
  public static final int MOST_PACKS = (1 << 21) - 2;

  private static final int SHARDS = 64;
  private static final int SLOT = 3;
  private static final int LEAST_STORED = 17;

  private final Shard[] shards = new Shard[SHARDS];

  /// @param expected about how many chunks will be in it
  public ChunkIndex(long expected) {
    long slots = expected * 5 / 4 / SHARDS + 16;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard((int) Math.min(slots, Integer.MAX_VALUE / 8));
    }
  }

  /// The place of a chunk, or `NONE`.
  public long find(long high, long low) {
    return shards[shardOf(high)].find(high, low);
  }

  /// Keeps a place, unless there is one already.
  public void put(long high, long low, long place) {
    shards[shardOf(high)].put(high, low, place);
  }

  public long size() {
    long size = 0;
    for (Shard shard : shards) {
      size += shard.count();
    }
    return size;
  }

  static long place(int pack, int offset, int storedLength) {
    return ((long) (pack + 1) << 43) | ((long) offset << 18) | (storedLength - LEAST_STORED);
  }

  static int packOf(long place) {
    return (int) (place >>> 43) - 1;
  }

  static int offsetOf(long place) {
    return (int) (place >>> 18) & ((1 << 25) - 1);
  }

  static int storedLengthOf(long place) {
    return (int) (place & ((1 << 18) - 1)) + LEAST_STORED;
  }

  private static int shardOf(long high) {
    return (int) (high >>> 58);
  }

  private static final class Shard {
    private long[] slots;
    private int capacity;
    private int count;

    Shard(int capacity) {
      this.capacity = capacity;
      this.slots = new long[capacity * SLOT];
    }

    synchronized int count() {
      return count;
    }

    synchronized long find(long high, long low) {
      return slots[slotOf(slots, capacity, high, low) + 2];
    }

    synchronized void put(long high, long low, long place) {
      int slot = slotOf(slots, capacity, high, low);
      if (slots[slot + 2] != NONE) {
        return;
      }
      set(slots, slot, high, low, place);
      if (++count > capacity / 5 * 4) {
        grow();
      }
    }

    private void grow() {
      int larger = capacity + capacity / 2 + 1;
      long[] to = new long[larger * SLOT];
      for (int at = 0; at < slots.length; at += SLOT) {
        if (slots[at + 2] != NONE) {
          int slot = slotOf(to, larger, slots[at], slots[at + 1]);
          set(to, slot, slots[at], slots[at + 1], slots[at + 2]);
        }
      }
      slots = to;
      capacity = larger;
    }

    private static void set(long[] slots, int slot, long high, long low, long place) {
      slots[slot] = high;
      slots[slot + 1] = low;
      slots[slot + 2] = place;
    }

    /// The slot of the chunk, or the empty one where it belongs.
    private static int slotOf(long[] slots, int capacity, long high, long low) {
      int slot = (int) Math.unsignedMultiplyHigh(low, capacity) * SLOT;
      while (slots[slot + 2] != NONE && (slots[slot] != high || slots[slot + 1] != low)) {
        slot = slot + SLOT == slots.length ? 0 : slot + SLOT;
      }
      return slot;
    }
  }
}
