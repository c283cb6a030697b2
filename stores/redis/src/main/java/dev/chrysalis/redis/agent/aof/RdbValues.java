package dev.chrysalis.redis.agent.aof;

/// Skips the values of an RDB, by their kinds.
final class RdbValues {
  private static final int STREAM_ID = 16;

  private final RdbInput in;

  RdbValues(RdbInput in) {
    this.in = in;
  }

  void skip(int kind) {
    switch (kind) {
      // A string; and what is packed into one: zipmap, ziplist, intset, listpack.
      case 0, 9, 10, 11, 12, 13, 16, 17, 20 -> skipStrings(1);
      case 1, 2, 14 -> skipStrings(length());
      case 3 -> skipOldSortedSet();
      case 4 -> skipStrings(doubled(length()));
      case 5 -> skipSortedSet();
      case 7 -> skipModule();
      case 15, 19, 21 -> skipStream(kind);
      case 18 -> skipNodes();
      case 22 -> skipHashWithTimes(0);
      case 24 -> skipHashWithTimes(8);
      case 23 -> skipStrings(1);
      case 25 -> {
        in.skip(8);
        skipStrings(1);
      }
      case 6 -> throw in.damaged("it holds a value of a module in a form that tells no length");
      default -> throw in.damaged("it holds a value of the unknown kind " + kind);
    }
  }

  void skipLengths(long count) {
    for (long i = 0; i < count; i++) {
      long _ = length();
    }
  }

  void skipStrings(long count) {
    for (long i = 0; i < count; i++) {
      skipString();
    }
  }

  private void skipString() {
    long length = RdbWalker.length(in);
    if (length >= 0) {
      in.skip(length);
      return;
    }
    switch ((int) (-1 - length)) {
      case 0 -> in.skip(1);
      case 1 -> in.skip(2);
      case 2 -> in.skip(4);
      case 3 -> {
        long compressed = length();
        long _ = length();
        in.skip(compressed);
      }
      default -> throw in.damaged("a string of the unknown kind " + (-1 - length));
    }
  }

  private long length() {
    long length = RdbWalker.length(in);
    if (length < 0) {
      throw in.damaged("a string where a length should be, at byte " + in.position());
    }
    return length;
  }

  private long doubled(long count) {
    if (count > Long.MAX_VALUE / 2) {
      throw in.damaged("a length beyond all measure");
    }
    return 2 * count;
  }

  private void skipSortedSet() {
    for (long left = length(); left > 0; left--) {
      skipString();
      in.skip(8);
    }
  }

  /// Scores as text, or one of three signs for what no text says.
  private void skipOldSortedSet() {
    for (long left = length(); left > 0; left--) {
      skipString();
      int score = in.next();
      in.skip(score < 253 ? score : 0);
    }
  }

  private void skipNodes() {
    for (long left = length(); left > 0; left--) {
      long _ = length();
      skipString();
    }
  }

  private void skipHashWithTimes(int head) {
    in.skip(head);
    for (long left = length(); left > 0; left--) {
      long _ = length();
      skipStrings(2);
    }
  }

  /// A module's own values, each with a sign of its kind, up to the sign of the end.
  void skipModule() {
    long _ = length();
    for (long kind = length(); kind != 0; kind = length()) {
      switch ((int) Math.min(kind, Integer.MAX_VALUE)) {
        case 1, 2 -> {
          long _ = length();
        }
        case 3 -> in.skip(4);
        case 4 -> in.skip(8);
        case 5 -> skipString();
        default -> throw in.damaged("a module's value of the unknown kind " + kind);
      }
    }
  }

  private void skipStream(int kind) {
    skipStrings(doubled(length()));
    boolean second = kind >= 19;
    skipLengths(second ? 8 : 3);
    for (long groups = length(); groups > 0; groups--) {
      skipString();
      skipLengths(second ? 3 : 2);
      for (long pending = length(); pending > 0; pending--) {
        in.skip(STREAM_ID + 8);
        long _ = length();
      }
      for (long consumers = length(); consumers > 0; consumers--) {
        skipString();
        in.skip(kind >= 21 ? 16 : 8);
        for (long pending = length(); pending > 0; pending--) {
          in.skip(STREAM_ID);
        }
      }
    }
  }
}
