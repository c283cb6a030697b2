package dev.chrysalis.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.prune.LogKeep;
import dev.chrysalis.vault.prune.PruneGuard;
import dev.chrysalis.vault.prune.PruneRequest;
import dev.chrysalis.vault.prune.Pruner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KeptWalTest {
  private static final int SEGMENT = 1 << 20;
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final LogName FIRST = new LogName("postgres", "7/00000001");
  private static final LogName SECOND = new LogName("postgres", "7/00000002");
  private static final LogName OTHER = new LogName("postgres", "8/00000001");

  private final BranchedVault made = new BranchedVault(NOW);
  private final VaultRepository vault = made.vault();
  private final KeptWal wal = new KeptWal(vault, "postgres", made.clock());

  private void seal(LogName log, int fromSegment, int toSegment) {
    for (int segment = fromSegment; segment < toSegment; segment++) {
      vault
          .log(log)
          .append(
              (long) segment * SEGMENT,
              (long) (segment + 1) * SEGMENT,
              ByteBuffer.allocate(100),
              Map.of(
                  "segment",
                  Integer.toString(SEGMENT),
                  "last",
                  "0/%X".formatted(segment * SEGMENT + 0xA0)));
    }
  }

  private static Snapshot snapshot(int days, int startSegment, int stopSegment, int timeline) {
    Instant at = NOW.minusSeconds(86_400L * days);
    Map<String, String> facts = new HashMap<>();
    facts.put("systemIdentifier", "7");
    facts.put("startTimeline", Integer.toString(timeline));
    facts.put("startLsn", "0/%X".formatted(startSegment * SEGMENT + 0x28));
    facts.put("timeline", Integer.toString(timeline));
    facts.put("stopLsn", "0/%X".formatted(stopSegment * SEGMENT + 0x100));
    facts.put("stoppedAt", at.toString());
    facts.put("version", "170011");
    facts.put("segmentBytes", Integer.toString(SEGMENT));
    facts.put("pageChecksums", "true");
    facts.put("member", "postgres-0");
    facts.put("role", "primary");
    facts.put("label", "a label");
    facts.put("damagedPages", "0");
    facts.put("firstDamaged", "");
    SnapshotId id = new SnapshotId("20261123t0215%02dz-7f3a9c".formatted(days));
    return new Snapshot(id, "postgres", at, at, facts, 1, 1, 1, 1);
  }

  private List<LogKeep> kept(Snapshot... snapshots) {
    return kept(NOW.plusSeconds(3600), snapshots);
  }

  private List<LogKeep> kept(Instant horizon, Snapshot... snapshots) {
    List<Snapshot> all = List.of(snapshots);
    Set<SnapshotId> complete = all.stream().map(Snapshot::id).collect(Collectors.toSet());
    return wal.of(all, complete, NOW.minusSeconds(7 * 86_400L), horizon);
  }

  private static LogExtent segments(int from, int to) {
    return new LogExtent((long) from * SEGMENT, (long) to * SEGMENT);
  }

  @Test
  void theWindowKeepsAllWalFromItsBaseOnAndOlderSnapshotsAnIsland() {
    seal(FIRST, 1, 40);

    List<LogKeep> keeps =
        kept(snapshot(50, 2, 3, 1), snapshot(8, 20, 21, 1), snapshot(1, 30, 31, 1));

    assertThat(keeps)
        .singleElement()
        .satisfies(keep ->
            assertThat(keep.keep())
                .containsExactly(
                    segments(2, 5),
                    new LogExtent(20L * SEGMENT, Long.MAX_VALUE),
                    new LogExtent(30L * SEGMENT, Long.MAX_VALUE)));
  }

  @Test
  void afterAPromotionTheNewTimelineIsKeptWhole() {
    seal(FIRST, 1, 30);
    seal(SECOND, 25, 40);
    history("1\t0/1900000\tno recovery target specified\n");

    List<LogKeep> keeps = kept(snapshot(8, 20, 21, 1));

    assertThat(keeps).extracting(LogKeep::log).containsExactly(FIRST, SECOND);
    assertThat(keeps.getLast().keep()).containsExactly(new LogExtent(0, Long.MAX_VALUE));
  }

  @Test
  void aTimelineThatWasLeftBeforeTheWindowIsNotKept() {
    made.at(NOW.minusSeconds(8 * 86_400L));
    seal(FIRST, 1, 30);
    made.at(NOW);
    seal(SECOND, 25, 40);
    history("1\t0/1900000\tno recovery target specified\n");

    List<LogKeep> keeps = kept(snapshot(8, 28, 29, 1), snapshot(7, 35, 36, 2));

    assertThat(keeps.getFirst().keep()).containsExactly(segments(28, 31));
    assertThat(keeps.getLast().keep())
        .containsExactly(new LogExtent(35L * SEGMENT, Long.MAX_VALUE));
  }

  @Test
  void aTimelineOfUnknownHistoryIsKept() {
    seal(FIRST, 1, 30);
    seal(SECOND, 25, 40);

    assertThat(kept(snapshot(8, 20, 21, 1)).getLast().keep())
        .containsExactly(new LogExtent(0, Long.MAX_VALUE));
  }

  @Test
  void anotherClustersWalIsKeptOnlyAsFarAsTheHorizon() {
    seal(OTHER, 1, 5);

    assertThat(kept(snapshot(8, 20, 21, 1)))
        .containsExactly(new LogKeep(OTHER, List.of(), NOW.plusSeconds(3600)));
  }

  @Test
  void aSnapshotWhoseWalIsAnIslandCanStillBeRestoredToItsOwnEnd() {
    seal(FIRST, 1, 40);
    Snapshot old = snapshot(50, 2, 3, 1);
    Snapshot base = snapshot(8, 20, 21, 1);
    // The pieces of this test are as new as it is; what was sealed lately would stay.
    List<LogKeep> keeps = kept(Instant.MAX, old, base);
    Pruner pruner = vault.pruner(made.backend());
    PruneGuard guard = new NeverWaits();
    pruner.sweep(
        pruner.hide(new PruneRequest("postgres", Set.of(), keeps, Instant.EPOCH), guard), guard);

    PostgresInVault left = new PostgresInVault(vault, "postgres", made.clock());
    assertThat(vault.log(FIRST).extents()).containsExactly(segments(2, 5), segments(20, 40));
    assertThat(left.logsOf(old))
        .singleElement()
        .satisfies(range -> assertThat(range.to()).isEqualTo(5L * SEGMENT));
    assertThat(left.logsOf(base))
        .singleElement()
        .satisfies(range -> assertThat(range.to()).isEqualTo(40L * SEGMENT));
  }

  private record NeverWaits() implements PruneGuard {
    @Override
    public void mayGoOn() {}

    @Override
    public boolean waitFor(int openSessions) {
      return false;
    }
  }

  private void history(String text) {
    vault
        .records()
        .create("postgres/postgres/7/history/00000002", text.getBytes(StandardCharsets.UTF_8));
  }
}
