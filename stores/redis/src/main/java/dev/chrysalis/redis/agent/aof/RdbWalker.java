package dev.chrysalis.redis.agent.aof;

import java.io.InputStream;

/// Walks through an RDB without keeping any of it, to where it ends: in a file of Redis 6.2
/// commands follow there.
///
/// 1. The head is `REDIS` and a version of four digits.
/// 2. Opcodes and values follow each other; each is skipped by what its kind says of its length.
/// 3. The end mark, and from version 5 on a checksum over all before it. A checksum of zero means
///    that the server wrote none.
///
/// `RDB_DAMAGED` where the content is cut, is not of the form, is of a kind that is not known (the
/// end cannot be found then), or does not hash to its checksum.
public final class RdbWalker {
  private static final int NEWEST = 13;
  private static final int FIRST_WITH_CHECKSUM = 5;
  private static final int LENGTH_64 = 0x81;
  private static final int LENGTH_32 = 0x80;

  private static final int SLOT_INFO = 244;
  private static final int FUNCTION = 245;
  private static final int FUNCTION_BEFORE_RELEASE = 246;
  private static final int MODULE_AUX = 247;
  private static final int IDLE = 248;
  private static final int FREQUENCY = 249;
  private static final int AUX = 250;
  private static final int RESIZE = 251;
  private static final int EXPIRES_MILLIS = 252;
  private static final int EXPIRES = 253;
  private static final int SELECT = 254;
  private static final int END = 255;

  private final RdbInput in;
  private final RdbValues values;
  private long keys;

  private RdbWalker(RdbInput in) {
    this.in = in;
    this.values = new RdbValues(in);
  }

  /// @param bytes where the RDB ends, its checksum included
  /// @param keys how many it holds, all databases together
  /// @param checked whether it carried a checksum
  public record Found(int version, long bytes, long keys, boolean checked) {}

  /// Walks from the stream's beginning; the stream may be read beyond the end.
  public static Found walk(InputStream stream) {
    return new RdbWalker(new RdbInput(stream)).run();
  }

  private Found run() {
    int version = head();
    int opcode = in.next();
    while (opcode != END) {
      step(opcode);
      opcode = in.next();
    }
    boolean checked = false;
    if (version >= FIRST_WITH_CHECKSUM) {
      long sum = in.checksum();
      long said = Crc64.littleEndian(in.bytes(Long.BYTES), 0);
      checked = said != 0;
      if (checked && said != sum) {
        throw in.damaged("its checksum is not that of its content");
      }
    }
    return new Found(version, in.position(), keys, checked);
  }

  private int head() {
    for (char c : new char[] {'R', 'E', 'D', 'I', 'S'}) {
      if (in.next() != c) {
        throw in.damaged("it does not begin with REDIS");
      }
    }
    int version = 0;
    for (int i = 0; i < 4; i++) {
      int digit = in.next() - '0';
      if (digit < 0 || digit > 9) {
        throw in.damaged("its version is no number");
      }
      version = 10 * version + digit;
    }
    if (version < 1 || version > NEWEST) {
      throw in.damaged("its version is " + version + ", and 1 to " + NEWEST + " are known");
    }
    return version;
  }

  private void step(int opcode) {
    switch (opcode) {
      case SELECT -> values.skipLengths(1);
      case RESIZE -> values.skipLengths(2);
      case SLOT_INFO -> values.skipLengths(3);
      case AUX -> values.skipStrings(2);
      case FUNCTION -> values.skipStrings(1);
      case FUNCTION_BEFORE_RELEASE ->
          throw in.damaged("it holds functions in the form of a release candidate");
      case MODULE_AUX -> values.skipModule();
      case IDLE -> values.skipLengths(1);
      case FREQUENCY -> in.skip(1);
      case EXPIRES_MILLIS -> in.skip(8);
      case EXPIRES -> in.skip(4);
      default -> {
        values.skipStrings(1);
        values.skip(opcode);
        keys++;
      }
    }
  }

  /// Reads a length; a string that is stored as something else gives `-1 - KIND`.
  static long length(RdbInput in) {
    int first = in.next();
    return switch (first >>> 6) {
      case 0 -> first;
      case 1 -> (first & 0x3F) << 8 | in.next();
      case 2 -> longLength(in, first);
      default -> -1 - (first & 0x3F);
    };
  }

  private static long longLength(RdbInput in, int first) {
    int bytes =
        switch (first) {
          case LENGTH_32 -> 4;
          case LENGTH_64 -> 8;
          default -> throw in.damaged("a length of kind " + first);
        };
    long length = 0;
    for (int i = 0; i < bytes; i++) {
      length = length << 8 | in.next();
    }
    if (length < 0) {
      throw in.damaged("a length beyond all measure");
    }
    return length;
  }
}
