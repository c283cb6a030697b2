package dev.chrysalis.vault.pack;

/// Which chunk lies where, for a whole store, in about 24 bytes a chunk: a terabyte in 100 MB. Safe
/// for many threads.
///
/// 1. The first 12 bytes of a chunk's id are its key; ids are keyed hashes, so two chunks that
///    agree in them do not occur.
/// 2. The id's first six bits choose one of 64 shards, each with its own lock, so that growing
///    copies a small part only.
/// 3. A shard has slots of two longs and an int (id, place; id) with linear probing, at most seven
///    eighths full, growing by an eighth.
/// 4. A place is pack + 1 (21 bits), offset (25 bits), stored length - 17 (18 bits); 0 is an empty
///    slot.
public final class ChunkIndex {
  public static final long NONE = 0;

  /// The most packs that places can name.
  public static final int MOST_PACKS = (1 << 21) - 2;

  private static final int SHARDS = 64;
  private static final int LEAST_STORED = 17;

  private final Shard[] shards = new Shard[SHARDS];

  /// @param expected about how many chunks will be in it
  public ChunkIndex(long expected) {
    long slots = expected * 6 / 5 / SHARDS + 16;
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard((int) Math.min(slots, Integer.MAX_VALUE / 8));
    }
  }

  /// The place of a chunk, or `NONE`. Only the upper half of `low` counts.
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
    /// Of each slot the first eight bytes of the id, then the place.
    private long[] longs;

    /// Of each slot the next four bytes of the id.
    private int[] ints;

    private int count;

    Shard(int capacity) {
      this.longs = new long[capacity * 2];
      this.ints = new int[capacity];
    }

    synchronized int count() {
      return count;
    }

    synchronized long find(long high, long low) {
      return longs[slotOf(high, (int) (low >>> 32)) * 2 + 1];
    }

    synchronized void put(long high, long low, long place) {
      if (set(high, (int) (low >>> 32), place) && ++count > ints.length / 8 * 7) {
        grow();
      }
    }

    private boolean set(long high, int low, long place) {
      int slot = slotOf(high, low);
      if (longs[slot * 2 + 1] != NONE) {
        return false;
      }
      longs[slot * 2] = high;
      longs[slot * 2 + 1] = place;
      ints[slot] = low;
      return true;
    }

    private void grow() {
      long[] oldLongs = longs;
      int[] oldInts = ints;
      int larger = oldInts.length + oldInts.length / 8 + 8;
      longs = new long[larger * 2];
      ints = new int[larger];
      for (int slot = 0; slot < oldInts.length; slot++) {
        if (oldLongs[slot * 2 + 1] != NONE) {
          set(oldLongs[slot * 2], oldInts[slot], oldLongs[slot * 2 + 1]);
        }
      }
    }

    /// The slot of the chunk, or the empty one where it belongs.
    private int slotOf(long high, int low) {
      int slot = (int) ((Integer.toUnsignedLong(low) * ints.length) >>> 32);
      while (longs[slot * 2 + 1] != NONE && (longs[slot * 2] != high || ints[slot] != low)) {
        slot = slot + 1 == ints.length ? 0 : slot + 1;
      }
      return slot;
    }
  }
}
