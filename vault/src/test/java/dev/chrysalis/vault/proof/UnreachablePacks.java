package dev.chrysalis.vault.proof;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A backend whose packs cannot be opened.
record UnreachablePacks(Backend inner, Supplier<ChrysalisException> error) implements Backend {
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
    if (key.startsWith("packs/")) {
      throw error.get();
    }
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
