package dev.chrysalis.model;

import java.util.List;
import java.util.Optional;

/// Small durable records under keys that are created once and never changed: what leases and
/// journals are made of. Safe for many threads and many machines at once.
///
/// Keys are `a/b/c` of `[a-z0-9._-]+` parts. A key that was created stays; there is no delete here.
public interface RecordStore {
  /// Creates a record, durably. Returns true when this very call (or a retry inside it whose first
  /// answer was lost) created it, false when another body already stands under the key. Throws
  /// `ChrysalisException` (category VAULT) when the outcome could not be learnt; then the caller
  /// may call again with the same body.
  boolean create(String key, byte[] body);

  /// The record's body, or empty where there is none. A body that is not authentic is an error.
  Optional<byte[]> read(String key);

  /// All keys that start with the prefix, in ascending order.
  List<String> keys(String prefix);
}
