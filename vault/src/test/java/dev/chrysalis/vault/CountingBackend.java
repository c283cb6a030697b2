package dev.chrysalis.vault;

import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Counts the ranges that are opened.
record CountingBackend(Backend inner, AtomicLong opened) implements Backend {
  @Override
  public Traits traits() {
    return inner.traits();
  }

  @Override
  public Created create(String key, Body body) {
    return inner.create(key, body);
  }

  @Override
  public InputStream open(String key, long offset, long length) {
    opened.incrementAndGet();
    return inner.open(key, offset, length);
  }

  @Override
  public OptionalLong size(String key) {
    return inner.size(key);
  }

  @Override
  public Stream<Listed> list(String prefix) {
    return inner.list(prefix);
  }

  @Override
  public void close() {
    inner.close();
  }
}
