package dev.chrysalis.cassandra.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.workloads.WholeStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A plan made for one ring meets another by its second look. The words are those of `SeenRing`.
class GistTest {
  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    // Who asks for all of it back cannot wait for an agent that does not answer.
    "gone gone silent, gone gone gone, true",
    "gone gone down, gone gone gone, true",
    "gone gone gone, new new new, true",
    "gone gone gone, new new-starting gone, true",
    "gone gone gone, gone gone silent, false",
    "up gone gone, gone gone gone, false",
    "gone gone gone, up up up, false",
    "gone gone gone, gone gone gone gone, false",
    "up up up, up up up up, false",
    "up up up, up up odd, true",
    "up up up, up up spoilt, true",
    "up up up, up up down, false",
    "down down down, reading-log down down, false"
  })
  void aPlanForTheWholeRingFitsWhereNothingElseWouldBeTakenAway(
      String planned, String met, boolean fits) {
    assertThat(ofWhole(met).fits(ofWhole(planned).text())).isEqualTo(fits);
  }

  @Test
  void aPlanWithoutARepairDoesNotFitANodeThatMissesMoreThanHintsByNow() {
    assertThat(gist("up up down")).isNotEqualTo(gist("up up long-down"));
    assertThat(gist("up down down")).isNotEqualTo(gist("up down ended-long-before"));
  }

  private static WholeStore ofWhole(String nodes) {
    return Gist.ofWholeRing(situation(nodes), SeenRing.of(nodes));
  }

  private static String gist(String nodes) {
    return Gist.of(situation(nodes), SeenRing.of(nodes));
  }

  private static Situation situation(String nodes) {
    return Diagnosis.of(SeenRing.of(nodes), SeenRing.past(nodes), SeenRing.NOW);
  }
}
