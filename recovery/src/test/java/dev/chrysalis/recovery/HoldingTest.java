package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.lock.LockKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldingTest {
  private static final Instant NOW = Instant.parse("2026-11-26T02:15:30Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final Holder HOLDER = Holder.thisProcess("a test");

  @TempDir private Path folder;
  private final MemoryBackend store = new MemoryBackend();
  private final WrittenDown locks = new WrittenDown(new ConcurrentHashMap<>());
  private final VaultRepository vault =
      VaultRepository.create(
          store,
          Passphrase.of("pupa".toCharArray()),
          new SecureRandom(),
          CLOCK,
          VaultOptions.defaults(),
          1);
  private final Leases leases = new Leases(vault.records(), Surroundings.system());

  /// Locks that are only written down.
  private record WrittenDown(Map<String, Instant> held) implements ObjectLocks {
    @Override
    public Optional<ObjectLock> declared() {
      return Optional.of(new ObjectLock(ObjectLock.Mode.COMPLIANCE, 30));
    }

    @Override
    public Place place() {
      return new Place(true, true, Optional.empty());
    }

    @Override
    public Optional<Instant> heldUntil(String key) {
      return Optional.ofNullable(held.get(key));
    }

    @Override
    public void hold(String key, Instant until) {
      held.put(key, until);
    }

    @Override
    public void close() {}
  }

  private LockKeeper.Held round() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("stack.yaml"),
            """
            version: 1
            stack: butterfly
            platform: {kind: process, directory: /srv/platform}
            vault: {location: /srv/vault, passphraseFile: /etc/passphrase}
            datastores:
              postgres: {kind: postgresql}
            """);
    Stack stack = StackFile.load(file);
    return new Holding(stack, vault, vault.lockKeeper(locks), leases, CLOCK)
        .round(HOLDER, (objects, extended) -> {});
  }

  private Optional<Instant> lastRound() {
    return Holding.lastRound("butterfly", vault.records());
  }

  private String snapshot() {
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      return writer.commit(Map.of()).id().toString();
    }
  }

  @Test
  void aRoundThatHeldEverythingIsKeptWithItsTime() throws IOException {
    String snapshot = snapshot();
    assertThat(lastRound()).isEmpty();

    round();

    assertThat(lastRound()).hasValue(NOW);
    assertThat(locks.held).containsKey("manifests/postgres/" + snapshot);
  }

  @Test
  void aRoundThatCouldNotReadASnapshotIsMadeAgain() throws IOException {
    store.delete("manifests/postgres/" + snapshot());

    assertThat(round().unread()).isEqualTo(1);

    assertThat(lastRound()).isEmpty();
  }

  @Test
  void journalsAreHeldAndSpentSignsOfLifeAreNot() throws IOException {
    vault.records().create("runs/butterfly/20261126t021530z-aaaaaa/00000001", new byte[1]);
    for (int i = 0; i < 2; i++) {
      try (Lease lease = leases.acquire("butterfly", HOLDER, Duration.ZERO)) {
        vault
            .records()
            .create("lease/butterfly/beat/" + number(lease) + "/0000000001", new byte[1]);
      }
    }

    round();

    assertThat(locks.held.keySet())
        .anyMatch(key -> key.startsWith("records/runs/"))
        .anyMatch(key -> key.startsWith("records/lease/butterfly/held/"));
    assertThat(locks.held.keySet().stream().filter(key -> key.contains("/beat/"))).hasSize(1);
  }

  private static String number(Lease lease) {
    return "%016x".formatted(lease.token().value());
  }

  @Test
  void roundsAreAnEighthOfTheLockApart() {
    assertThat(Holding.every(new ObjectLock(ObjectLock.Mode.GOVERNANCE, 30)))
        .isEqualTo(Duration.ofDays(3).plusHours(18));
  }
}
