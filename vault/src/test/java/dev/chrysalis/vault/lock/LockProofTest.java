package dev.chrysalis.vault.lock;

import static dev.chrysalis.vault.VaultFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLocks.Place;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LockProofTest {
  private static final Optional<ObjectLock> LOCK =
      Optional.of(new ObjectLock(ObjectLock.Mode.GOVERNANCE, 7));

  private final MemoryBackend store = new MemoryBackend();

  LockProofTest() {
    VaultFixture.create(store).close();
  }

  @Test
  void aBucketWithoutLocksOrVersionsIsRefusedWhereALockIsDeclared() {
    LocksInMemory none =
        new LocksInMemory(store, LOCK).in(new Place(true, false, Optional.empty()));
    LocksInMemory plain =
        new LocksInMemory(store, LOCK).in(new Place(false, true, Optional.empty()));

    assertFails(VaultErrors.CANNOT_LOCK, "does not lock", () -> LockProof.requireLocking(none));
    assertFails(VaultErrors.CANNOT_LOCK, "no versions", () -> LockProof.requireLocking(plain));
  }

  @Test
  void aStoreThatTakesLocksAndHoldsNothingIsFoundOut() {
    LocksInMemory silent = new LocksInMemory(store, LOCK);

    assertFails(VaultErrors.NOT_HELD, "config is not held", () -> LockProof.firstObject(silent));
  }

  @Test
  void aVaultThatIsHeldSaysUntilWhen() {
    LocksInMemory locks = new LocksInMemory(store, LOCK);
    locks.hold("config", NOW);

    assertThat(LockProof.firstObject(locks)).hasValue(NOW);
  }

  @Test
  void whereNoLockIsDeclaredNothingIsAsked() {
    LocksInMemory none =
        new LocksInMemory(store, Optional.empty()).in(new Place(false, false, Optional.empty()));

    assertThatCode(() -> LockProof.requireLocking(none)).doesNotThrowAnyException();
    assertThat(LockProof.firstObject(none)).isEmpty();
    assertThat(none.asked()).isZero();
  }

  private static void assertFails(ErrorCode code, String why, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(why);
  }
}
