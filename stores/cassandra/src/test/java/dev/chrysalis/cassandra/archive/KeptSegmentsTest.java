package dev.chrysalis.cassandra.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.prune.LogKeep;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two nodes with a log each: a segment every ten seconds from 0 to 90, and a snapshot of both at
/// 11, 31 and 61.
class KeptSegmentsTest {
  private static final String STORE = "cassandra";
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

  private final Vault vault = VaultFixture.create(new MemoryBackend());
  private final KeptSegments kept = new KeptSegments(vault, STORE);

  @BeforeEach
  void ship() {
    for (int ordinal = 0; ordinal < 2; ordinal++) {
      for (int piece = 0; piece < 10; piece++) {
        piece(ordinal, piece);
        if (Set.of(1, 3, 6).contains(piece)) {
          snapshot(ordinal, host(ordinal), piece * 10 + 1, Optional.of(log(ordinal).stream()));
        }
      }
    }
  }

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @Test
  void keepsOfEachNodeTheLogBehindTheSnapshotThatReachesTheWindow() {
    Map<LogName, LogKeep> keep = keep(all(), 40);

    for (int ordinal = 0; ordinal < 2; ordinal++) {
      assertThat(froms(keep, ordinal))
          .as("the window begins behind the second snapshot, and before the third")
          .containsExactlyInAnyOrder(begunAt(31), begunAt(61));
    }
  }

  @Test
  void keepsNothingOfTheLogForWhatStandsAlone() {
    assertThat(froms(keep(all(), 1000), 0)).containsExactly(begunAt(61));
    assertThat(froms(keep(List.of(), 40), 0)).isEmpty();
  }

  /// Nobody may go back further than that, but to all of it.
  @Test
  void keepsAllWhereTheWindowBeginsBeforeTheFirstSnapshot() {
    assertThat(froms(keep(all(), 0), 1))
        .containsExactlyInAnyOrder(begunAt(11), begunAt(31), begunAt(61));
  }

  /// A member's newest snapshot may be of another node than the one that the window needs.
  @Test
  void countsANodeThatTookAnothersPlaceByItself() {
    snapshot(1, "c", 80, Optional.empty());

    assertThat(froms(keep(all(), 85), 1))
        .as("the snapshot of the node that was, and none of the new one's, which has no log")
        .containsExactly(begunAt(61));
  }

  @Test
  void keepsWhatWasSealedSinceTheHorizonOfEachLog() {
    assertThat(keep(all(), 40).values())
        .hasSize(2)
        .allSatisfy(log -> assertThat(log.sealedSince()).isEqualTo(NOON.plusSeconds(85)));
  }

  private Map<LogName, LogKeep> keep(List<Snapshot> snapshots, int windowBegin) {
    return kept.keep(snapshots, NOON.plusSeconds(windowBegin), NOON.plusSeconds(85)).stream()
        .collect(Collectors.toMap(LogKeep::log, Function.identity()));
  }

  private static List<Long> froms(Map<LogName, LogKeep> keep, int ordinal) {
    LogKeep of = keep.get(log(ordinal));
    return of == null ? List.of() : of.keep().stream().map(LogExtent::from).toList();
  }

  private List<Snapshot> all() {
    return vault.snapshots(STORE);
  }

  /// The position of the newest piece that was there when a snapshot of then was begun.
  private static long begunAt(int second) {
    return second / 10;
  }

  private static LogName log(int ordinal) {
    return new LogName(STORE, "cassandra-%d/01a21ad8db64f1c7".formatted(ordinal));
  }

  private static String host(int ordinal) {
    return ordinal == 0 ? "a" : "b";
  }

  private SnapshotId snapshot(int ordinal, String host, int second, Optional<String> log) {
    Set<String> ring = Set.of("a", ordinal == 0 ? "b" : host);
    return new KeptNode(new MemberId("cassandra", ordinal), host, ring)
        .snapshot(vault, "at-" + second, NOON.plusSeconds(second), log, 1000);
  }

  private void piece(int ordinal, int piece) {
    PieceFacts facts =
        new PieceFacts(
            new SegmentName(7, piece + 1),
            0,
            10,
            NOON.plusSeconds(piece * 10L),
            "own",
            SchemaSeen.NOTHING);
    Object _ =
        vault.log(log(ordinal)).append(piece, piece + 1, ByteBuffer.allocate(10), facts.toMap());
  }
}
