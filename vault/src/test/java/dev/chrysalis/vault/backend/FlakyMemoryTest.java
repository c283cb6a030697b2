package dev.chrysalis.vault.backend;

final class FlakyMemoryTest extends FlakyContract {
  @Override
  protected ErasingBackend emptyStore() {
    return new MemoryBackend();
  }

  @Override
  protected long allocationLimit() {
    return Long.MAX_VALUE;
  }
}
