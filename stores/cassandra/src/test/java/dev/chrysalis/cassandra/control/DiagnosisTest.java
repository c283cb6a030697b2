package dev.chrysalis.cassandra.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is seen of the nodes of a ring, and what it adds up to. The words are those of `SeenRing`.
class DiagnosisTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # nodes                     | scenario
          up up up                    | all-well
          up                          | all-well
          up up leaving               | all-well
          # Some do not answer, and their data is there.
          up up down                  | node-down
          up up long-down             | node-down
          up down up up up            | node-down
          unaware unaware down        | node-down
          up                down down | quorum-lost
          few few down                | quorum-lost
          unaware down down           | quorum-lost
          few few few down down down  | quorum-lost
          down down down              | quorum-lost
          down                        | quorum-lost
          # The data of some is gone.
          up up gone                  | node-lost
          up up emptied               | node-lost
          up up unjoined              | node-lost
          up up half-restored         | node-lost
          up up refused-again         | node-lost
          up up refused-ending        | node-lost
          unaware unaware gone        | unclear
          up up up down gone          | node-lost
          up gone gone                | quorum-lost
          up down gone                | quorum-lost
          down down gone              | quorum-lost
          few few gone                | quorum-lost
          # Nobody has any.
          gone gone gone              | store-lost
          gone emptied unjoined       | store-lost
          gone                        | store-lost
          # They came up empty, and made a ring of their own.
          new new new                 | store-lost
          new new gone                | store-lost
          # On their way to that, one after another.
          new-starting gone gone      | store-lost
          new-starting new-starting gone | store-lost
          new-starting new-starting new-starting | store-lost
          new-warming gone gone       | store-lost
          new-warming new-starting gone | store-lost
          new new-starting gone       | store-lost
          new new-warming new-starting | store-lost
          # Nobody serves who could tell of a quorum.
          silenced silenced new-starting | quorum-lost
          reading-log reading-log new-starting | unclear
          reading-log reading-log reading-log new-starting | unclear
          reading-log reading-log gone | unclear
          # Not where one of them comes up with what it had.
          new reading-log gone        | node-lost
          new up gone                 | node-lost
          new new down                | node-down
          up new new                  | all-well
          # All run, and not all are whole members of the ring.
          up up joining               | node-joining
          up up warming               | node-joining
          up up streaming             | node-joining
          up up stuck                 | node-stuck
          joining joining joining     | unclear
          reading-log reading-log reading-log | unclear
          up up silenced              | node-cut-off
          up up drained               | node-cut-off
          up silenced silenced        | quorum-lost
          up up full                  | disk-full
          full silenced up            | disk-full
          up up full-down             | disk-full
          up down full-down           | disk-full
          up gone full-down           | quorum-lost
          up up up up gone full-down  | node-lost
          up full down                | node-down
          # All are whole members, and do not agree.
          up up odd                   | schema-split
          up odd third                | schema-split
          up up deaf                  | unclear
          # What it was is still known, and away.
          moved up up                 | unclear
          # Some have files that are not what they wrote.
          up up spoilt                | tables-damaged
          spoilt spoilt spoilt        | tables-damaged
          up spoilt odd               | schema-split
          up up spoilt-down           | tables-damaged
          up up spoilt-silenced       | tables-damaged
          up spoilt-down down         | quorum-lost
          up up spoilt down           | node-down
          spoilt gone up              | node-lost
          # Some were away for longer than hints are kept.
          up up late                  | node-unrepaired
          up up late-network          | node-unrepaired
          up up late-repaired-before  | node-unrepaired
          up up late-repaired         | all-well
          up late down                | node-down
          up spoilt late              | tables-damaged
          # Nothing is concluded from silence.
          up up silent                | unclear
          up up refused               | unclear
          gone gone silent            | unclear
          up up decommissioned        | unclear
          """)
  void tellsWhatHappened(String nodes, String scenario) {
    assertThat(found(nodes).scenario()).isEqualTo(scenario);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "up up down, true",
    "up up gone, true",
    "up down down, false",
    "few few down, false",
    "gone gone gone, false",
    "up up full, true",
    "up up full-down, true",
    "up full-down full-down, false",
    "up full-down down, false"
  })
  void tellsWhetherClientsCanReadAndWriteAllAtAQuorum(String nodes, boolean serves) {
    assertThat(found(nodes).serves()).isEqualTo(serves);
  }

  @Test
  void aRingThatStartsForTheFirstTimeHasLostNothing() {
    RingState ring = SeenRing.of("new-starting new-starting new-starting");

    assertThat(Diagnosis.of(ring, Past.UNKNOWN, SeenRing.NOW))
        .isInstanceOf(Situation.Unclear.class);
  }

  @Test
  void mendsANodeThatIsAwayBeforeOneThatServes() {
    assertThat(found("spoilt up up spoilt-down"))
        .isEqualTo(new Situation.TablesDamaged(List.of(SeenRing.id(3), SeenRing.id(0))));
  }

  /// A third may have taken writes for each of them.
  @Test
  void repairsBothSidesThatANetworkHadCutOff() {
    assertThat(found("up late-network up"))
        .isEqualTo(
            new Situation.NodeUnrepaired(List.of(SeenRing.id(0), SeenRing.id(1), SeenRing.id(2))));
    assertThat(found("up up late"))
        .isEqualTo(new Situation.NodeUnrepaired(List.of(SeenRing.id(2))));
  }

  @Test
  void namesTheRangesWithoutAQuorum() {
    assertThat(found("few few down"))
        .isEqualTo(
            new Situation.QuorumLost(
                List.of(SeenRing.id(2)), List.of(), List.of("capsule:4/24", "plato:2/24")));
  }

  @Test
  void restartsNobodyForASchemaThatNeitherHasMoreNodes() {
    assertThat(found("up up odd")).isEqualTo(new Situation.SchemaSplit(List.of(SeenRing.id(2))));
    assertThat(found("up odd third")).isEqualTo(new Situation.SchemaSplit(List.of()));
  }

  private static Situation found(String nodes) {
    return Diagnosis.of(SeenRing.of(nodes), SeenRing.past(nodes), SeenRing.NOW);
  }
}
