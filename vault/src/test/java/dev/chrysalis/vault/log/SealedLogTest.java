package dev.chrysalis.vault.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.LogStream.Appended;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Fault;
import dev.chrysalis.vault.backend.FaultyBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.ScriptedFault;
import dev.chrysalis.vault.backend.ScriptedFault.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SealedLogTest {
  private static final LogName NAME = new LogName("postgres", "7412345678901234567/00000001");

  private final MemoryBackend backend = new MemoryBackend();
  private final Vault vault = VaultFixture.create(backend);
  private final LogStream log = vault.log(NAME);

  @Test
  void anEmptyLogHasNothing() {
    assertThat(log.newest()).isEmpty();
    assertThat(log.extents()).isEmpty();
    assertThat(pieces(log, 0, Long.MAX_VALUE)).isEmpty();
    assertThat(vault.logs("postgres")).isEmpty();
  }

  @Test
  void piecesFollowEachOtherAndAreReadBack() throws IOException {
    byte[] large = VaultFixture.content(1, 3_000_000);
    Appended first = log.append(0, 3_000_000, ByteBuffer.wrap(large), Map.of("timeline", "1"));
    Appended second = log.append(3_000_000, 3_000_010, ByteBuffer.allocate(10), Map.of());

    LogStream other = VaultFixture.open(backend).log(NAME);
    assertThat(other.newest()).contains(stored(second));
    assertThat(other.extents()).containsExactly(new LogExtent(0, 3_000_010));
    assertThat(pieces(other, 5, 6)).containsExactly(stored(first));
    assertThat(pieces(other, 0, Long.MAX_VALUE)).containsExactly(stored(first), stored(second));
    try (var in = other.open(stored(first))) {
      assertThat(in.readAllBytes()).isEqualTo(large);
    }
    assertThat(stored(first).facts()).containsEntry("timeline", "1");
    assertThat(vault.logs("postgres")).containsExactly(NAME);
  }

  @Test
  void aLogThatBeginsLateOrLosesAStretchHasExtents() {
    append(log, 100, 200);
    append(log, 200, 300);
    append(log, 350, 400);
    append(log, 400, 410);
    LogStream other = vault.log(NAME);
    assertThat(other.extents()).containsExactly(new LogExtent(100, 300), new LogExtent(350, 410));
    assertThat(pieces(other, 0, 1000))
        .extracting(LogPiece::from)
        .containsExactly(100L, 200L, 350L, 400L);
    assertThat(pieces(other, 250, 350)).extracting(LogPiece::from).containsExactly(200L);
    assertThat(other.newest()).map(LogPiece::to).contains(410L);
  }

  @Test
  void aPlaceThatAnotherHoldsIsTaken() {
    LogStream other = vault.log(NAME);
    Appended first = append(log, 0, 100);
    assertThat(append(other, 0, 50)).isEqualTo(new Appended.Taken(stored(first)));
    assertThat(append(other, 50, 60)).isEqualTo(new Appended.Taken(stored(first)));
    assertThat(append(other, 100, 160)).isInstanceOf(Appended.Stored.class);
    assertThat(append(log, 100, 200))
        .isInstanceOfSatisfying(
            Appended.Taken.class, taken -> assertThat(taken.piece().to()).isEqualTo(160));
  }

  @Test
  void aLostStretchCannotBeFilledAnyMore() {
    append(log, 0, 100);
    append(vault.log(NAME), 150, 160);
    assertThat(append(log, 100, 140))
        .isInstanceOfSatisfying(
            Appended.Taken.class,
            taken -> {
              assertThat(taken.piece().to()).isEqualTo(150);
              assertThat(taken.piece().facts()).containsEntry(SealedLog.GAP_FACT, "yes");
            });
    assertThat(append(log, 150, 155)).isInstanceOf(Appended.Taken.class);
    assertThat(log.extents()).containsExactly(new LogExtent(0, 100), new LogExtent(150, 160));
  }

  @Test
  void aGapWithoutAPieceBehindItEndsTheLogAtTheLastPiece() {
    append(log, 0, 100);
    FaultyBackend dies =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.CREATE, Fault.noSpace())
                .at(key -> key.endsWith("%016x.piece".formatted(150))));
    LogStream dying = VaultFixture.open(dies).log(NAME);
    assertThatThrownBy(() -> append(dying, 150, 160)).isInstanceOf(ChrysalisException.class);
    dies.assertAllFired();
    LogStream other = vault.log(NAME);
    assertThat(other.newest()).map(LogPiece::to).contains(100L);
    assertThat(other.extents()).containsExactly(new LogExtent(0, 100));
    append(other, 170, 180);
    assertThat(log.extents()).containsExactly(new LogExtent(0, 100), new LogExtent(170, 180));
  }

  @Test
  void aLogOfNothingButAGapIsNoLogYet() {
    FaultyBackend dies =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.CREATE, Fault.noSpace())
                .at(key -> key.endsWith("%016x.piece".formatted(150))));
    LogStream dying = VaultFixture.open(dies).log(NAME);
    assertThatThrownBy(() -> append(dying, 150, 160)).isInstanceOf(ChrysalisException.class);
    assertThat(vault.logs("postgres")).isEmpty();
    assertThat(log.newest()).isEmpty();
    assertThat(log.extents()).isEmpty();
  }

  @Test
  void aLostAnswerIsKnownAsOwn() {
    FaultyBackend flaky =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.CREATE, new Fault.LosesAnswer())
                .atKeysUnder("log/")
                .always());
    LogStream unlucky = VaultFixture.open(flaky).log(NAME);
    for (int i = 0; i < 10; i++) {
      assertThat(append(unlucky, i, i + 1)).isInstanceOf(Appended.Stored.class);
    }
    assertThat(log.extents()).containsExactly(new LogExtent(0, 10));
  }

  @Test
  void anUnknownOutcomeIsThrown() {
    FaultyBackend dead =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.CREATE, Fault.timesOutBefore()).atKeysUnder("log/"));
    LogStream unlucky = VaultFixture.open(dead).log(NAME);
    assertThatThrownBy(() -> append(unlucky, 0, 1))
        .extracting(e -> ((ChrysalisException) e).code())
        .isEqualTo(VaultErrors.TIMED_OUT);
    assertThat(append(unlucky, 0, 1)).isInstanceOf(Appended.Stored.class);
  }

  @Test
  void aPieceThatWasDeletedInTheMiddleIsAGapToTheReader() {
    append(log, 0, 10);
    append(log, 10, 20);
    append(log, 20, 30);
    backend.delete("log/postgres/" + NAME.stream() + "/%016x.piece".formatted(10));
    assertThatThrownBy(() -> pieces(log, 0, 30))
        .hasMessageContaining("position 10")
        .extracting(e -> ((ChrysalisException) e).code())
        .isEqualTo(VaultErrors.LOG_GAP);
  }

  @Test
  void logsOfAStoreAreKeptApart() {
    LogName inner = new LogName("postgres", NAME.stream() + "/deeper");
    append(log, 0, 10);
    append(vault.log(inner), 0, 20);
    append(vault.log(new LogName("redis", "a")), 0, 10);
    assertThat(vault.logs("postgres")).containsExactly(NAME, inner);
    assertThat(vault.log(NAME).extents()).containsExactly(new LogExtent(0, 10));
  }

  @Test
  void ofManyWritersWithLostAnswersExactlyOneHasEachPlace() throws Exception {
    int writers = 8;
    long end = 600;
    List<Future<List<LogPiece>>> running = new ArrayList<>();
    List<LogPiece> own = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < writers; i++) {
        int seed = i;
        running.add(threads.submit(() -> writeUntil(end, seed)));
      }
      for (Future<List<LogPiece>> one : running) {
        own.addAll(one.get());
      }
    }
    List<LogPiece> all = pieces(vault.log(NAME), 0, Long.MAX_VALUE);
    assertThat(own).containsExactlyInAnyOrderElementsOf(all);
    List<LogExtent> fromPieces = new ArrayList<>();
    for (LogPiece piece : all) {
      LogExtent last = fromPieces.isEmpty() ? null : fromPieces.getLast();
      if (last != null && last.to() == piece.from()) {
        fromPieces.set(fromPieces.size() - 1, new LogExtent(last.from(), piece.to()));
      } else {
        assertThat(last == null || last.to() < piece.from()).isTrue();
        fromPieces.add(new LogExtent(piece.from(), piece.to()));
      }
    }
    assertThat(vault.log(NAME).extents()).isEqualTo(fromPieces);
    assertThat(fromPieces).hasSizeGreaterThan(1);
  }

  private List<LogPiece> writeUntil(long end, int seed) {
    Backend flaky =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.CREATE, new Fault.LosesAnswer()).sometimes(0.3, seed));
    LogStream mine = VaultFixture.open(flaky).log(NAME);
    Random random = new Random(seed);
    List<LogPiece> own = new ArrayList<>();
    long from = 0;
    while (from < end) {
      Appended done = append(mine, from, from + 1 + random.nextInt(5));
      if (done instanceof Appended.Stored mineNow) {
        own.add(mineNow.piece());
        from = mineNow.piece().to() + (random.nextInt(10) == 0 ? 3 : 0);
      } else if (done instanceof Appended.Taken other) {
        from = other.piece().to();
      }
    }
    return own;
  }

  private static Appended append(LogStream to, long from, long end) {
    byte[] content = VaultFixture.content(from, (int) (end - from));
    return to.append(from, end, ByteBuffer.wrap(content), Map.of("writer", "" + to.hashCode()));
  }

  private static LogPiece stored(Appended appended) {
    assertThat(appended).isInstanceOf(Appended.Stored.class);
    return ((Appended.Stored) appended).piece();
  }

  private static List<LogPiece> pieces(LogStream log, long from, long to) {
    try (var pieces = log.pieces(from, to)) {
      return pieces.toList();
    }
  }
}
