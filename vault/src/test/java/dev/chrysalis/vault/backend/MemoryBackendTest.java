package dev.chrysalis.vault.backend;

final class MemoryBackendTest extends BackendContract {
  @Override
  protected Backend emptyBackend() {
    return new MemoryBackend();
  }

  @Override
  protected long allocationLimit() {
    return Long.MAX_VALUE;
  }
}
