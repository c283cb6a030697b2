package dev.chrysalis.vault.backend;

import java.io.InputStream;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Tries again what may pass, with growing waits, until a deadline:
///
/// 1. a call that fails with a code of `VaultErrors.mayPass` is made again after a wait; every
///    other failure is thrown at once;
/// 2. a stream that breaks is opened again where it broke, which immutable objects allow; each byte
///    that arrives begins a new deadline;
/// 3. a listing that breaks is listed again and goes on behind the last key it gave;
/// 4. past the deadline the last failure is thrown, with the number of tries; an interrupt ends the
///    wait with `VaultErrors.INTERRUPTED` and stays set.
///
/// Property: answers are true. After a try whose outcome is unknown, a create that then finds the
/// object answers `EXISTS`, although the object may be its own: nothing here could tell, and `NEW`
/// for another's object would give a lease to two. Callers compare a nonce in the body, as `create`
/// says. Waiting blocks the calling thread.
public final class RetryingBackend implements Backend {
  private final Backend inner;
  private final Supplier<Attempts> attempts;

  /// @param nanoTime a monotonic clock in nanoseconds, for the deadline
  public RetryingBackend(
      Backend inner,
      RetryPolicy policy,
      Pause pause,
      RandomGenerator random,
      LongSupplier nanoTime) {
    this.inner = inner;
    this.attempts = () -> new Attempts(policy, pause, random, nanoTime);
  }

  /// Retries by the standard policy and the machine's clock.
  public static RetryingBackend standard(Backend inner) {
    return new RetryingBackend(
        inner, RetryPolicy.standard(), Pause.parking(), new Random(), System::nanoTime);
  }

  @Override
  public Traits traits() {
    return inner.traits();
  }

  @Override
  public Created create(String key, Body body) {
    return retry(() -> inner.create(key, body));
  }

  @Override
  public InputStream open(String key, long offset, long length) {
    InputStream first = retry(() -> inner.open(key, offset, length));
    ResumingStream.Reopening reopening =
        done -> inner.open(key, offset + done, length == Long.MAX_VALUE ? length : length - done);
    return new ResumingStream(first, reopening, attempts.get(), key + " of " + inner);
  }

  @Override
  public OptionalLong size(String key) {
    return retry(() -> inner.size(key));
  }

  @Override
  public Stream<Listed> list(String prefix) {
    ObjectKeys.checkPrefix(prefix);
    ResumingListing listing = new ResumingListing(() -> inner.list(prefix), attempts);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(listing, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(listing::close);
  }

  <T> T retry(Supplier<T> call) {
    return attempts.get().until(call);
  }

  @Override
  public String toString() {
    return inner.toString();
  }

  @Override
  public void close() {
    inner.close();
  }
}
