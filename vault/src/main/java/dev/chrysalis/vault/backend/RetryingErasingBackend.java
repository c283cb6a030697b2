package dev.chrysalis.vault.backend;

import java.io.InputStream;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// A `RetryingBackend` that may delete, and tries that again too.
public final class RetryingErasingBackend implements ErasingBackend {
  private final ErasingBackend inner;
  private final RetryingBackend retrying;

  /// @param retrying tries again over the same backend
  RetryingErasingBackend(ErasingBackend inner, RetryingBackend retrying) {
    this.inner = inner;
    this.retrying = retrying;
  }

  /// Retries by the standard policy and the machine's clock.
  public static RetryingErasingBackend standard(ErasingBackend inner) {
    return new RetryingErasingBackend(inner, RetryingBackend.standard(inner));
  }

  @Override
  public Traits traits() {
    return retrying.traits();
  }

  @Override
  public Created create(String key, Body body) {
    return retrying.create(key, body);
  }

  @Override
  public InputStream open(String key, long offset, long length) {
    return retrying.open(key, offset, length);
  }

  @Override
  public OptionalLong size(String key) {
    return retrying.size(key);
  }

  @Override
  public Stream<Listed> list(String prefix) {
    return retrying.list(prefix);
  }

  @Override
  public void delete(String key) {
    retrying.retry(() -> {
      inner.delete(key);
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
