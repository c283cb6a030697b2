package dev.chrysalis.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresInVaultTest {
  private static final int SEGMENT = 1 << 20;

  private final Vault vault =
      VaultRepository.create(
          new MemoryBackend(),
          Passphrase.of("pupa".toCharArray()),
          new SecureRandom(),
          Clock.systemUTC(),
          VaultOptions.defaults(),
          1000);
  private final PostgresInVault wal = new PostgresInVault(vault, "postgres", Clock.systemUTC());

  private void seal(int fromSegment, int toSegment, String lastRecord) {
    int bytes = (toSegment - fromSegment) * SEGMENT;
    vault
        .log(new LogName("postgres", "7/00000001"))
        .append(
            (long) fromSegment * SEGMENT,
            (long) toSegment * SEGMENT,
            ByteBuffer.allocate(bytes),
            Map.of("segment", Integer.toString(SEGMENT), "last", lastRecord));
  }

  private static Lsn at(int segment) {
    return new Lsn((long) segment * SEGMENT);
  }

  @Test
  void theEndOfATimelinesWalNeedsNoSnapshot() {
    seal(2, 3, "0/2000A0");

    assertThat(wal.end("7", 1)).contains(new WalInVault.End(at(3), Lsn.parse("0/2000A0")));
    assertThat(wal.end("7", 2)).isEmpty();
    assertThat(wal.end("8", 1)).isEmpty();
    assertThat(wal.restorePoints()).isEmpty();
  }

  @Test
  void behindAHoleTheNewestStretchCounts() {
    seal(2, 3, "0/2000A0");
    seal(5, 6, "0/5000A0");

    assertThat(wal.end("7", 1)).contains(new WalInVault.End(at(6), Lsn.parse("0/5000A0")));
    assertThat(wal.covers("7", 1, at(5), at(6))).isTrue();
    assertThat(wal.covers("7", 1, at(2), at(6))).isFalse();
    assertThat(wal.covers("7", 2, at(5), at(6))).isFalse();
  }

  @Test
  void aRecordFromBeforeTheHoleIsNotTheLastOneBehindIt() {
    seal(2, 3, "0/2000A0");
    seal(5, 6, "0/2000A0");

    assertThat(wal.end("7", 1)).isEmpty();
  }

  @Test
  void aRestoreReadsTheWalFromTheBackupsBeginningToTheEnd() {
    seal(1, 2, "0/1000A0");
    seal(2, 3, "0/2000A0");
    seal(3, 5, "0/4000A0");
    Snapshot complete = snapshot("0/280028", "0/3000A0");
    Snapshot early = snapshot("0/480028", "0/5000A0");

    assertThat(wal.logsOf(complete))
        .containsExactly(
            new LogRange(new LogName("postgres", "7/00000001"), 0x280028, at(5).value()));
    assertThat(wal.logsOf(early)).isEmpty();
  }

  private Snapshot snapshot(String start, String stop) {
    Map<String, String> facts = new HashMap<>();
    facts.put("systemIdentifier", "7");
    facts.put("startTimeline", "1");
    facts.put("startLsn", start);
    facts.put("timeline", "1");
    facts.put("stopLsn", stop);
    facts.put("stoppedAt", "2026-11-23T02:15:30Z");
    facts.put("version", "170011");
    facts.put("segmentBytes", Integer.toString(SEGMENT));
    facts.put("pageChecksums", "true");
    facts.put("member", "postgres-0");
    facts.put("role", "primary");
    facts.put("label", "a label");
    facts.put("damagedPages", "0");
    facts.put("firstDamaged", "");
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      return writer.commit(facts);
    }
  }
}
