package dev.chrysalis.bulkloader;

import com.google.common.hash.HashCode;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A number for all rows of a table, whatever the order in which they come: the sum of a hash (128
/// bits) of each row's values as a client gets them, in the order of the columns' names.
final class RowDigest {
  private static final HashFunction HASH = Hashing.murmur3_128();
  private static final int NOTHING = -1;

  private long high;
  private long low;

  void add(List<@Nullable ByteBuffer> values) {
    Hasher hasher = HASH.newHasher();
    for (ByteBuffer value : values) {
      hasher.putInt(value == null ? NOTHING : value.remaining());
      if (value != null) {
        hasher.putBytes(value.duplicate());
      }
    }
    HashCode hash = hasher.hash();
    ByteBuffer bytes = ByteBuffer.wrap(hash.asBytes());
    high += bytes.getLong();
    low += bytes.getLong();
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
