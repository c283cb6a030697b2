package dev.chrysalis.postgres.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.server.ServerState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackupFactsTest {
  static final BackupFacts FACTS =
      new BackupFacts(
          "7412345678901234567",
          1,
          Lsn.parse("0/2000028"),
          2,
          Lsn.parse("0/2000120"),
          Instant.parse("2026-11-23T02:15:30.123456Z"),
          170011,
          16 << 20,
          true,
          MemberId.parse("postgres-1"),
          ServerState.Role.STANDBY,
          "chrysalis 20261123t021530z-7f3a9c",
          Map.of("libc", "2.36", "icu", "153.14"),
          Map.of("plpgsql", "1.0", "pg_trgm", "1.5,1.6"),
          2,
          List.of("base/5/1259:0", "base/5/1259:7"));

  @Test
  void factsSurviveTheWayThroughTheCatalog() {
    assertThat(BackupFacts.fromMap(FACTS.toMap())).isEqualTo(FACTS);
  }

  @Test
  void otherSnapshotsAreNotTakenForBaseBackups() {
    assertThatThrownBy(() -> BackupFacts.fromMap(Map.of("topic", "rim.fast-path")))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("not those of a PostgreSQL base backup");
  }
}
