package dev.chrysalis.vault.backend;

import dev.chrysalis.vault.VaultErrors;
import org.junit.jupiter.api.Test;

final class MemoryBackendTest extends BackendContract {
  @Override
  protected ErasingBackend emptyBackend() {
    return new MemoryBackend();
  }

  @Override
  protected long allocationLimit() {
    return Long.MAX_VALUE;
  }

  @Test
  void aKeyUnderAnotherIsRefusedBothWays() {
    backend().create("a", text("x"));
    backend().create("b/c/d", text("x"));
    backend().create("b/c-", text("x"));
    assertFails(VaultErrors.BAD_KEY, () -> backend().create("a/b/c", text("x")));
    assertFails(VaultErrors.BAD_KEY, () -> backend().create("b/c", text("x")));
  }
}
