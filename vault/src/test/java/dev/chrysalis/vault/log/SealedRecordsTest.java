package dev.chrysalis.vault.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.Fault;
import dev.chrysalis.vault.backend.FaultyBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.ScriptedFault;
import dev.chrysalis.vault.backend.ScriptedFault.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedRecordsTest {
  private final MemoryBackend backend = new MemoryBackend();
  private final RecordStore records = VaultFixture.create(backend).records();

  @Test
  void aRecordIsCreatedOnceAndReadBack() {
    assertThat(records.read("runs/r1/000001")).isEmpty();
    assertThat(records.create("runs/r1/000001", bytes("one"))).isTrue();
    assertThat(records.create("runs/r1/000001", bytes("one"))).isFalse();
    assertThat(records.create("runs/r1/000001", bytes("two"))).isFalse();
    assertThat(VaultFixture.open(backend).records().read("runs/r1/000001")).contains(bytes("one"));
    assertThat(records.create("runs/r1/000000", new byte[0])).isTrue();
    assertThat(records.create("runs/r2/000000", VaultFixture.noise(1, 3_000_000))).isTrue();
    assertThat(records.read("runs/r1/000000")).contains(new byte[0]);
    assertThat(records.read("runs/r2/000000")).contains(VaultFixture.noise(1, 3_000_000));
    assertThat(records.keys("runs/r1/")).containsExactly("runs/r1/000000", "runs/r1/000001");
    assertThat(records.keys("runs/r")).hasSize(3);
  }

  @Test
  void aLostAnswerIsKnownAsOwn() {
    FaultyBackend flaky =
        new FaultyBackend(
            backend, ScriptedFault.on(Operation.CREATE, new Fault.LosesAnswer()).nth(1));
    RecordStore unlucky = VaultFixture.open(flaky).records();
    assertThat(unlucky.create("lease/1", bytes("mine"))).isTrue();
    assertThat(unlucky.create("lease/1", bytes("mine"))).isFalse();
    flaky.assertAllFired();
  }

  @Test
  void anOutcomeThatCannotBeLearntIsThrown() {
    FaultyBackend flaky =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.CREATE, Fault.timesOutBefore()).nth(1),
            ScriptedFault.on(Operation.CREATE, new Fault.LosesAnswer()).nth(1),
            ScriptedFault.on(Operation.SIZE, Fault.timesOutBefore()).atKeysUnder("records").nth(2));
    RecordStore unlucky = VaultFixture.open(flaky).records();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> unlucky.create("lease/1", bytes("mine")))
          .extracting(e -> ((ChrysalisException) e).code())
          .isEqualTo(VaultErrors.TIMED_OUT);
    }
    flaky.assertAllFired();
    assertThat(records.read("lease/1")).contains(bytes("mine"));
  }

  @Test
  void ofManyWritersWithLostAnswersExactlyOneWins() throws Exception {
    for (int round = 0; round < 30; round++) {
      String key = "lease/" + round;
      List<Future<Boolean>> running = new ArrayList<>();
      int winners = 0;
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 8; i++) {
          FaultyBackend flaky =
              new FaultyBackend(
                  backend,
                  ScriptedFault.on(Operation.CREATE, new Fault.LosesAnswer())
                      .sometimes(0.5, round * 8 + i));
          RecordStore mine = VaultFixture.open(flaky).records();
          running.add(threads.submit(() -> mine.create(key, bytes("the same"))));
        }
        for (Future<Boolean> one : running) {
          winners += one.get() ? 1 : 0;
        }
      }
      assertThat(winners).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatEndsEarlyIsNotTakenForDamage() {
    records.create("lease/1", bytes("mine"));
    FaultyBackend flaky =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.OPEN, new Fault.ShortensRead(30))
                .atKeysUnder("records/")
                .nth(1),
            ScriptedFault.on(Operation.OPEN, new Fault.BreaksRead(30))
                .atKeysUnder("records/")
                .nth(2));
    RecordStore unlucky = VaultFixture.open(flaky).records();
    assertThat(unlucky.read("lease/1")).contains(bytes("mine"));
    assertThat(unlucky.read("lease/1")).contains(bytes("mine"));
    flaky.assertAllFired();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "A", "..", "a/../b", "a/.", "a b", "ä"})
  void badKeysAreRefused(String key) {
    assertThatThrownBy(() -> records.create(key, bytes("x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> records.read(key)).isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
