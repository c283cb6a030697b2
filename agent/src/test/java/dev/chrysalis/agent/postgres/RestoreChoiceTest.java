package dev.chrysalis.agent.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.agent.task.Report;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RestoreChoiceTest implements Report {
  private final Vault vault =
      VaultRepository.create(
          new MemoryBackend(),
          Passphrase.of("pupa".toCharArray()),
          new SecureRandom(),
          Clock.systemUTC(),
          VaultOptions.defaults(),
          1000);
  private final List<String> notes = new CopyOnWriteArrayList<>();
  private Optional<Snapshot> snapshot = Optional.empty();

  @Override
  public void progress(String stage, long done, long total) {}

  @Override
  public void note(String text) {
    notes.add(text);
  }

  @BeforeEach
  void backUpTimelineOne() {
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      snapshot = Optional.of(writer.commit(facts().toMap()));
    }
  }

  private static BackupFacts facts() {
    return new BackupFacts(
        "7",
        1,
        new Lsn(0x2000028),
        1,
        new Lsn(0x2000100),
        Instant.EPOCH,
        170000,
        16 << 20,
        true,
        MemberId.parse("postgres-0"),
        ServerState.Role.PRIMARY,
        "label",
        Map.of(),
        Map.of(),
        0,
        List.of());
  }

  private RestoreChoice choice(Duration patience) {
    return new RestoreChoice(vault, "postgres", patience);
  }

  @Test
  void aTimelineThatHasJustBegunIsWaitedFor() {
    CompletableFuture<Snapshot> chosen =
        CompletableFuture.supplyAsync(
            () -> choice(Duration.ofSeconds(30)).forStandby("7", 2, Optional.empty(), this));
    await().until(() -> !notes.isEmpty());
    assertThat(notes).singleElement().asString().contains("history of timeline 2");

    vault
        .records()
        .create("postgres/postgres/7/history/00000002", "1\t0/3000000\tx\n".getBytes(UTF_8));

    assertThat(Optional.of(chosen.join())).isEqualTo(snapshot);
  }

  @Test
  void onlyThenTheShipperIsSaidNotToHaveStoredIt() {
    assertThatThrownBy(
            () -> choice(Duration.ofMillis(300)).forStandby("7", 2, Optional.empty(), this))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> {
              assertThat(e.code()).isEqualTo(PostgresErrors.NO_RESTORE_POINT);
              assertThat(e.getMessage()).contains("shipper").contains("has not stored");
            });
  }

  @Test
  void whereTheWayIsKnownNothingIsWaitedFor() {
    assertThat(Optional.of(choice(Duration.ofHours(1)).forStandby("7", 1, Optional.empty(), this)))
        .isEqualTo(snapshot);
    assertThatThrownBy(() -> choice(Duration.ofHours(1)).forStandby("8", 1, Optional.empty(), this))
        .isInstanceOf(ChrysalisException.class);
    assertThat(notes).isEmpty();
  }
}
