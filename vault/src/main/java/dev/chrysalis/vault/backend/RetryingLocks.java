package dev.chrysalis.vault.backend;

import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/// Tries again what may pass, by the same policy as `RetryingBackend`: holding an object twice is
/// the same as once.
public final class RetryingLocks implements ObjectLocks {
  private final ObjectLocks inner;
  private final Supplier<Attempts> attempts;

  RetryingLocks(ObjectLocks inner, Supplier<Attempts> attempts) {
    this.inner = inner;
    this.attempts = attempts;
  }

  /// Retries by the standard policy and the machine's clock.
  public static RetryingLocks standard(ObjectLocks inner) {
    return new RetryingLocks(
        inner,
        () ->
            new Attempts(RetryPolicy.standard(), Pause.parking(), new Random(), System::nanoTime));
  }

  @Override
  public Optional<ObjectLock> declared() {
    return inner.declared();
  }

  @Override
  public Place place() {
    return attempts.get().until(inner::place);
  }

  @Override
  public Optional<Instant> heldUntil(String key) {
    return attempts.get().until(() -> inner.heldUntil(key));
  }

  @Override
  public void hold(String key, Instant until) {
    attempts
        .get()
        .until(() -> {
          inner.hold(key, until);
          return key;
        });
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
