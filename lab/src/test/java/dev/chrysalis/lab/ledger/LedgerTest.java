package dev.chrysalis.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.lab.LabErrors;
import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameIt() {
    file = folder.resolve("ledger.log");
  }

  @Test
  void itRemembersAcrossProcesses() {
    try (Ledger ledger = Ledger.open(file)) {
      ledger.attempted(1, "one", NOON);
      ledger.attempted(2, "two", NOON.plusSeconds(1));
      ledger.acknowledged(1, NOON.plusSeconds(2));
    }
    try (Ledger ledger = Ledger.open(file)) {
      assertThat(ledger.lastId()).isEqualTo(2);
      assertThat(ledger.acknowledgedCount()).isEqualTo(1);
      assertThat(ledger.writes()).extracting(Write::value).containsExactly("one", "two");
      ledger.acknowledged(2, NOON.plusSeconds(3));
    }
    try (Ledger ledger = Ledger.open(file)) {
      assertThat(ledger.acknowledgedCount()).isEqualTo(2);
    }
  }

  @Test
  void aLineThatACrashCutShortIsForgottenAndOverwritten() throws Exception {
    try (Ledger ledger = Ledger.open(file)) {
      ledger.attempted(1, "one", NOON);
    }
    Files.writeString(file, "acknowledged 1 2026-11-2", StandardOpenOption.APPEND);
    try (Ledger ledger = Ledger.open(file)) {
      assertThat(ledger.acknowledgedCount()).isZero();
      ledger.attempted(2, "two", NOON);
    }
    try (Ledger ledger = Ledger.open(file)) {
      assertThat(ledger.writes()).extracting(Write::id).containsExactly(1L, 2L);
    }
  }

  @Test
  void aStrangeLineIsAnErrorAndNotSkipped() throws Exception {
    Files.writeString(file, "attempted 1\n");
    assertThatThrownBy(() -> Ledger.open(file))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(LabErrors.LEDGER));
  }

  @Test
  void theFirstAcknowledgementOfAWriteCounts() {
    try (Ledger ledger = Ledger.open(file)) {
      ledger.attempted(1, "one", NOON);
      ledger.acknowledged(1, NOON.plusSeconds(1));
      ledger.acknowledged(1, NOON.plusSeconds(9));
      assertThat(ledger.writes())
          .first()
          .satisfies(w -> assertThat(w.acknowledgedAt()).contains(NOON.plusSeconds(1)));
    }
  }

  @Test
  void recoveryIsNotSeenInWritesThatWereOnTheirWay() {
    try (Ledger ledger = Ledger.open(file)) {
      ledger.attempted(1, "one", NOON.minusMillis(5));
      ledger.acknowledged(1, NOON.plusMillis(5));
      assertThat(ledger.firstAcknowledgedAfter(NOON)).isEmpty();
      ledger.attempted(2, "two", NOON.plusSeconds(1));
      ledger.attempted(3, "three", NOON.plusSeconds(2));
      ledger.acknowledged(3, NOON.plusSeconds(3));
      ledger.acknowledged(2, NOON.plusSeconds(4));
      assertThat(ledger.firstAcknowledgedAfter(NOON)).contains(NOON.plusSeconds(3));
    }
  }

  @Test
  void whatWasNeverAttemptedCannotBeAcknowledged() {
    try (Ledger ledger = Ledger.open(file)) {
      assertThatIllegalArgumentException().isThrownBy(() -> ledger.acknowledged(1, NOON));
      assertThatIllegalArgumentException().isThrownBy(() -> ledger.attempted(1, "two words", NOON));
    }
  }

  @Test
  void onlyItsOwnerReadsIt() throws Exception {
    Ledger.open(file).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }
}
