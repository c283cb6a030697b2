package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;

/// What can go wrong with an object store, as `FaultyBackend` plays it.
public sealed interface Fault {
  /// The call fails before it does anything.
  record Fails(ErrorCode code) implements Fault {}

  /// The call times out before it does anything.
  static Fault timesOutBefore() {
    return new Fails(VaultErrors.TIMED_OUT);
  }

  /// The store asks for patience.
  static Fault throttles() {
    return new Fails(VaultErrors.THROTTLED);
  }

  /// The store is full.
  static Fault noSpace() {
    return new Fails(VaultErrors.NO_SPACE);
  }

  /// A create or delete is done, and its answer is lost: the caller sees `TIMED_OUT`.
  record LosesAnswer() implements Fault {}

  /// A read delivers this many bytes and then fails as a broken connection does.
  record BreaksRead(long after) implements Fault {}

  /// A read delivers this many bytes and then ends, as if that were all.
  record ShortensRead(long after) implements Fault {}

  /// A read delivers all bytes, one of them with a wrong bit.
  record FlipsBit(long atByte, int bit) implements Fault {
    public FlipsBit {
      if (bit < 0 || bit > 7) {
        throw new IllegalArgumentException("a byte has the bits 0 to 7: " + bit);
      }
    }
  }

  /// A broken store keeps only the first bytes of an object.
  ///
  /// @param answersNew whether it says that all went well, or times out
  record TearsWrite(long kept, boolean answersNew) implements Fault {}

  /// The object seems not to be there: for `open`, `size`, and a listing, which leaves it out.
  record Hides() implements Fault {}
}
