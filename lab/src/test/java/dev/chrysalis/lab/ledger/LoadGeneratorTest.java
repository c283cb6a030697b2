package dev.chrysalis.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadGeneratorTest {
  private static final int FAST = 200;
  @TempDir private Path folder;
  private final Replica one = new Replica();
  private final Replica two = new Replica();
  private Ledger ledger;

  @BeforeEach
  void openLedger() {
    ledger = Ledger.open(folder.resolve("ledger.log"));
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }

  @Test
  void writesGoToBothReplicasInTurnAndIntoTheLedger() {
    try (LoadGenerator load = load()) {
      load.start(FAST);
      await().until(() -> load.acknowledged() >= 20);
    }
    assertThat(one.held).isNotEmpty();
    assertThat(two.held).isNotEmpty();
    assertThat(ledger.writes())
        .allSatisfy(w ->
            assertThat(w.id() % 2 == 0 ? one.held : two.held).containsEntry(w.id(), w.value()));
  }

  @Test
  void whenOneReplicaFailsTheOtherTakesItsWrites() {
    one.up = false;
    try (LoadGenerator load = load()) {
      load.start(FAST);
      await().until(() -> load.acknowledged() >= 10);
    }
    assertThat(two.held.keySet()).anyMatch(id -> id % 2 == 0);
    assertThat(ledger.writes()).allMatch(Write::acknowledged);
  }

  @Test
  void theFirstAcknowledgementAfterAnOutageIsSeen() {
    one.up = false;
    two.up = false;
    try (LoadGenerator load = load()) {
      load.start(FAST);
      await().until(() -> ledger.lastId() >= 10);
      assertThat(load.firstAcknowledgedAfter(Instant.EPOCH)).isEmpty();
      Instant end = Instant.now();
      one.up = true;
      await().until(() -> load.firstAcknowledgedAfter(end).isPresent());
    }
  }

  @Test
  void aSecondLoadGoesOnBehindTheFirst() {
    ledger.attempted(41, "earlier", Instant.EPOCH);
    try (LoadGenerator load = load()) {
      load.start(FAST);
      await().until(() -> load.acknowledged() >= 1);
    }
    assertThat(one.held).containsKey(42L);
  }

  private LoadGenerator load() {
    return new LoadGenerator(ledger, () -> List.of(one, two), Clock.systemUTC(), new Random(7));
  }

  private static final class Replica implements ItemWriter {
    private final Map<Long, String> held = new ConcurrentHashMap<>();
    private volatile boolean up = true;

    @Override
    public boolean write(long id, String value) {
      if (up) {
        held.put(id, value);
      }
      return up;
    }
  }
}
