package dev.chrysalis.vault.s3;

import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Backend.Created;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLock.Mode;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.backend.ObjectLocks.Place;
import dev.chrysalis.vault.backend.PatternBody;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.lock.LockKeeper;
import dev.chrysalis.vault.lock.LockProof;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Locks on a server that keeps them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class S3LocksIT {
  private static final ObjectLock LOCK = new ObjectLock(Mode.COMPLIANCE, 30);

  /// The server takes no date that is over.
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  private final LockingS3Server server;

  S3LocksIT(@TempDir Path folder) {
    server = new LockingS3Server(folder);
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private S3Backend backend(VaultLocation.InS3 location, Instant at) {
    return S3Backend.open(
        location, S3Server.CREDENTIALS, S3TimeOuts.standard(), Clock.fixed(at, ZoneOffset.UTC));
  }

  private static ObjectLocks locks(VaultLocation.InS3 location) {
    return S3Locks.open(location, S3Server.CREDENTIALS, S3TimeOuts.standard());
  }

  private LockKeeper.Held round(VaultLocation.InS3 location, ObjectLocks locks, Instant at) {
    try (VaultRepository vault =
        VaultRepository.open(
            backend(location, at),
            VaultFixture.passphrase(),
            new SecureRandom(),
            Clock.fixed(at, ZoneOffset.UTC),
            VaultFixture.SMALL)) {
      return vault.lockKeeper(locks).run(List.of("postgres"), key -> true, (_, _) -> {});
    }
  }

  @Test
  void aCreateWithALockAndItsChecksumIsTakenWholeByAServerThatKnowsBoth() {
    VaultLocation.InS3 location = server.bucket("created", true, LOCK);
    try (S3Backend backend = backend(location, now)) {
      assertThat(backend.create("small", Body.of(noise(1, 100)))).isEqualTo(Created.NEW);
      assertThat(backend.create("large", new PatternBody(3 << 20, 1))).isEqualTo(Created.NEW);
      assertThat(backend.create("small", Body.of(noise(2, 100)))).isEqualTo(Created.EXISTS);

      assertThat(backend.size("large")).hasValue(3 << 20);
      assertThat(backend.open("small", 0, 100)).hasBinaryContent(noise(1, 100));
    }
  }

  @Test
  void aServerThatTakesALockAndHoldsNothingIsFoundOutAndARoundHoldsAllThatIsNeeded() {
    VaultLocation.InS3 location = server.bucket("rounds", true, LOCK);
    Snapshot snapshot;
    try (VaultRepository vault = VaultFixture.create(backend(location, now))) {
      snapshot = VaultFixture.snapshot(vault, "postgres", Map.of("a", content(7, 900)));
    }
    String manifest = "manifests/postgres/" + snapshot.id();
    try (ObjectLocks locks = locks(location)) {
      assertThatThrownBy(() -> LockProof.firstObject(locks))
          .isInstanceOfSatisfying(
              ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(VaultErrors.NOT_HELD));

      LockKeeper.Held held = round(location, locks, now);

      assertThat(held.extended()).isEqualTo(held.objects()).isEqualTo(4);
      assertThat(LockProof.firstObject(locks)).hasValue(now.plus(Duration.ofDays(30)));
      assertThat(locks.heldUntil(manifest)).hasValue(now.plus(Duration.ofDays(30)));
      assertThat(round(location, locks, now.plus(Duration.ofDays(14))).extended()).isZero();
      Instant later = now.plus(Duration.ofDays(16));
      assertThat(round(location, locks, later).extended()).isEqualTo(4);
      assertThat(locks.heldUntil(manifest)).hasValue(later.plus(Duration.ofDays(30)));
    }
  }

  @Test
  void theBucketSaysWhetherItLocks() {
    VaultLocation.InS3 locking = server.bucket("locking", true, LOCK);
    VaultLocation.InS3 plain = server.bucket("plain", false, LOCK);
    try (ObjectLocks locks = locks(locking);
        ObjectLocks none = locks(plain)) {
      assertThat(locks.place()).isEqualTo(new Place(true, true, Optional.empty()));
      assertThat(none.place()).isEqualTo(new Place(false, false, Optional.empty()));
      assertThatThrownBy(() -> LockProof.requireLocking(none))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(VaultErrors.CANNOT_LOCK));
    }
  }

  @Test
  void anObjectWithoutALockIsToldFromAMissingOne() {
    VaultLocation.InS3 location = server.bucket("unheld", true, null);
    try (S3Backend backend = backend(location, now);
        ObjectLocks locks = locks(location)) {
      backend.create("free", Body.of(noise(1, 100)));

      assertThat(locks.heldUntil("free")).isEmpty();
      assertThatThrownBy(() -> locks.heldUntil("missing"))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(VaultErrors.OBJECT_MISSING));
    }
  }

  @Test
  void aDeleteOnlyHidesWhatIsHeldAndTheOwnerBringsItBack() {
    VaultLocation.InS3 location = server.bucket("hidden", true, LOCK);
    try (S3Backend backend = backend(location, now)) {
      backend.create("a", Body.of(noise(1, 100)));
      backend.delete("a");
      assertThat(backend.size("a")).isEmpty();

      server
          .owner()
          .listObjectVersions(request -> request.bucket("hidden"))
          .deleteMarkers()
          .forEach(marker ->
              server
                  .owner()
                  .deleteObject(request ->
                      request.bucket("hidden").key(marker.key()).versionId(marker.versionId())));

      assertThat(backend.open("a", 0, 100)).hasBinaryContent(noise(1, 100));
    }
  }
}
