package dev.chrysalis.vault.backend;

import java.io.InputStream;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// A place that keeps immutable objects under keys: a directory, memory, S3, GCS.
///
/// Keys are relative, `a/b/c` of `[A-Za-z0-9._-]+` parts, no part `.` or `..`, at most 512
/// characters; others are refused (`VaultErrors.BAD_KEY`) before anything is done. No key may lie
/// under another (`a` and `a/b`): a directory cannot hold both. Objects are created once, whole,
/// and never change. Safe for many threads and many processes. Errors are `ChrysalisException`s of
/// `VaultErrors`; those that `VaultErrors.mayPass` says can be tried again. A backend itself does
/// not retry: `RetryingBackend` does. What may also delete is an `ErasingBackend`.
public interface Backend extends AutoCloseable {
  /// What this backend can do.
  Traits traits();

  /// Creates the object durably unless the key exists, atomically: of many racing callers exactly
  /// one gets `NEW`. After an error the outcome is unknown and the caller may look. `EXISTS` does
  /// not prove that somebody else made it: where an answer was lost and the create was tried again
  /// (by `RetryingBackend`, or below by the transport) it may be this very call's object. Whoever
  /// must know puts a nonce into the body, reads the object back and compares. A body that fails is
  /// `VaultErrors.BODY_UNREADABLE` and leaves nothing.
  Created create(String key, Body body);

  /// Opens a range of an object; a range that goes past the object's end is cut there. A missing
  /// object is `VaultErrors.OBJECT_MISSING`; a stream that ends early throws `IOException`.
  InputStream open(String key, long offset, long length);

  /// The object's size in bytes, or empty where there is none.
  OptionalLong size(String key);

  /// The objects whose keys start with the prefix, in ascending key order (by code unit). The
  /// stream is to be closed. Objects created or deleted meanwhile may or may not be seen.
  Stream<Listed> list(String prefix);

  /// Where it is, for messages; holds no secret.
  @Override
  String toString();

  @Override
  void close();

  /// Whether `create` made the object or found one.
  enum Created {
    NEW,
    EXISTS
  }

  /// An object as listed: its key and its size in bytes.
  record Listed(String key, long size) {}

  /// What a backend can do.
  ///
  /// @param objectLock whether it can hold objects back from deletion
  /// @param maxObjectBytes its largest object
  /// @param gapBytes how many bytes of an object are sooner read in vain than left out by asking
  ///   for what lies behind them once more
  record Traits(boolean objectLock, long maxObjectBytes, int gapBytes) {}
}
