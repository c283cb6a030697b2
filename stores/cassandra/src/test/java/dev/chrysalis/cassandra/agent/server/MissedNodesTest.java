package dev.chrysalis.cassandra.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom a node missed for longer than it keeps hints.
class MissedNodesTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Set<String> RING = Set.of("a", "b");
  private static final Duration KEPT = Duration.ofHours(3);
  private static final Instant BEGAN = NOON.minusSeconds(100_000);

  @Test
  void notesNobodyWhoWasBackInTime() {
    MissedNodes missed =
        MissedNodes.NONE
            .after(NOON, RING, Map.of("a", NOON.minusSeconds(5)), KEPT, BEGAN)
            .after(NOON.plusSeconds(10_000), RING, Map.of("a", NOON.minusSeconds(5)), KEPT, BEGAN)
            .after(NOON.plusSeconds(10_010), RING, Map.of(), KEPT, BEGAN);

    assertThat(missed.unhinted()).isEmpty();
    assertThat(missed.away()).isEmpty();
  }

  @Test
  void notesWhoCameBackLateAndUntilWhenItWasSeenAway() {
    MissedNodes missed =
        MissedNodes.NONE
            .after(NOON, RING, Map.of("a", NOON), KEPT, BEGAN)
            .after(NOON.plusSeconds(11_000), RING, Map.of("a", NOON), KEPT, BEGAN)
            .after(NOON.plusSeconds(11_010), RING, Map.of(), KEPT, BEGAN);

    assertThat(missed.unhinted()).containsExactly(Map.entry("a", NOON.plusSeconds(11_000)));
    assertThat(missed.after(NOON.plusSeconds(11_020), RING, Map.of(), KEPT, BEGAN))
        .isEqualTo(missed);
  }

  /// Its server says that it misses the other only since it runs itself.
  @Test
  void remembersSinceWhenANodeIsMissedWhereTheServerWasRestarted() {
    MissedNodes missed =
        MissedNodes.NONE
            .after(NOON, RING, Map.of("a", NOON), KEPT, BEGAN)
            .after(
                NOON.plusSeconds(10_700), RING, Map.of("a", NOON.plusSeconds(10_600)), KEPT, BEGAN)
            .after(NOON.plusSeconds(10_900), RING, Map.of(), KEPT, BEGAN);

    assertThat(missed.unhinted()).containsOnlyKeys("a");
  }

  /// All nodes were stopped, one after another, and nobody wrote.
  @Test
  void countsNoTimeInWhichTheNodeItselfDidNotRun() {
    Instant started = NOON.plusSeconds(20_000);
    MissedNodes missed =
        MissedNodes.NONE
            .after(NOON, RING, Map.of("a", NOON.minusSeconds(20)), KEPT, BEGAN)
            .after(started.plusSeconds(30), RING, Map.of(), KEPT, started);

    assertThat(missed.unhinted()).isEmpty();
    assertThat(missed.away()).isEmpty();
  }

  @Test
  void forgetsWhoBelongsToTheRingNoMore() {
    MissedNodes late =
        MissedNodes.NONE
            .after(NOON, RING, Map.of("a", NOON.minusSeconds(20_000)), KEPT, BEGAN)
            .after(NOON.plusSeconds(10), RING, Map.of("b", NOON), KEPT, BEGAN);

    MissedNodes replaced = late.after(NOON.plusSeconds(20), Set.of("c"), Map.of(), KEPT, BEGAN);

    assertThat(late.unhinted()).containsOnlyKeys("a");
    assertThat(replaced.unhinted()).isEmpty();
    assertThat(replaced.away()).isEmpty();
  }

  @Test
  void keepsItsNotesWithTheVolume(@TempDir Path data) throws IOException {
    MissedNodes missed =
        new MissedNodes(NOON, Map.of("a", NOON.minusSeconds(9)), Map.of("b", NOON.minusMillis(3)));
    RepairNotes notes = new RepairNotes(data);
    assertThat(notes.missed()).isEqualTo(MissedNodes.NONE);

    notes.missed(missed);
    notes.repaired(NOON);

    assertThat(notes.missed()).isEqualTo(missed);
    assertThat(notes.repaired()).contains(NOON);
    Files.writeString(data.resolve("chrysalis-repaired"), "yesterday");
    Files.writeString(data.resolve("chrysalis-missed"), "away\nunhinted soon b\nand more\n");
    assertThat(notes.repaired()).isEmpty();
    assertThat(notes.missed()).isEqualTo(MissedNodes.NONE);
  }
}
