package dev.chrysalis.postgres.control;

import static dev.chrysalis.postgres.control.FakePostgresPair.FIRST;
import static dev.chrysalis.postgres.control.FakePostgresPair.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A plan that brings the whole store back, made for one situation, meets another.
class GistTest {
  private static final Situation WELL = new Situation.AllWell(FIRST);
  private static final Situation SILENT = new Situation.Unclear("no word from [a, b]");

  @Test
  void fitsWhetherAStandbyFollowsOrNot() {
    assertThat(fits(WELL, new Situation.ReplicationBroken(FIRST, List.of(SECOND)))).isTrue();
    assertThat(fits(new Situation.ReplicaDown(FIRST, List.of(SECOND)), WELL)).isTrue();
  }

  @Test
  void doesNotFitAnotherPrimaryNorDataThatIsThereAfterAll() {
    assertThat(fits(WELL, new Situation.AllWell(SECOND))).isFalse();
    assertThat(
            fits(new Situation.StoreLost(List.of(FIRST, SECOND)), new Situation.PrimaryDown(FIRST)))
        .isFalse();
  }

  @Test
  void fitsALostStoreThoughItWasMadeWhileNobodyAnswered() {
    assertThat(fits(SILENT, new Situation.StoreLost(List.of(FIRST, SECOND)))).isTrue();
  }

  /// One of them may serve.
  @Test
  void doesNotFitWhereSomethingElseIsUnclear() {
    assertThat(fits(SILENT, SILENT)).isTrue();
    assertThat(fits(SILENT, new Situation.Unclear("no word from [b]"))).isFalse();
  }

  private static boolean fits(Situation planned, Situation now) {
    return Gist.ofWholeStore(now, List.of(FIRST, SECOND))
        .fits(Gist.ofWholeStore(planned, List.of(FIRST, SECOND)).text());
  }
}
