package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.MemberView;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.postgres.PostgresPlanner;
import dev.chrysalis.recovery.postgres.PostgresState;
import dev.chrysalis.recovery.store.StoreSituation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final MemberId FIRST = new MemberId("postgres", 0);
  private static final MemberId SECOND = new MemberId("postgres", 1);
  private static final Optional<String> CORRUPTED = Optional.of("data-corrupted");
  private static final Optional<String> NOBODY_SAID = Optional.empty();
  private static final Optional<String> DEEPEST = Optional.empty();
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services:
            perception: {needs: [postgres]}
          datastores:
            postgres:
              kind: postgresql
              clients: [{service: perception, variable: POSTGRES_HOST}]
          """);

  private static Assessment found(Situation situation) {
    List<MemberView> members = Stream.of(FIRST, SECOND).map(PlannerTest::view).toList();
    return new Assessment(
        Instant.EPOCH,
        situation.scenario(),
        List.of(),
        List.of(new StoreSituation("postgres", new PostgresState(situation, members))),
        List.of());
  }

  private static MemberView view(MemberId id) {
    Member member =
        new Member(id, "127.0.0.1", Member.Phase.RUNNING, true, 0, 1, Instant.EPOCH, "");
    return new MemberView(member, new Volume(Volume.State.PRESENT, false, 1, 1), Map.of());
  }

  private static Optional<PostgresPlans.Target> target() {
    Instant commit = Instant.parse("2026-11-23T02:15:20Z");
    return Optional.of(
        new PostgresPlans.Target(
            RestoreGoal.parse("2026-11-23T02:15:21Z"),
            Optional.empty(),
            new WalInVault.Chosen(
                "snapshot-1",
                "7",
                17,
                3,
                Lsn.parse("0/4800040"),
                Optional.of(Lsn.parse("0/4800060")),
                Optional.of(commit),
                100,
                0),
            new WalInVault.Discarded(
                12,
                Optional.of(commit.plusSeconds(1)),
                Optional.of(commit.plusSeconds(61)),
                2_000_000,
                3,
                Lsn.parse("0/5000000"))));
  }

  private static Plan plan(Situation situation) {
    return planner(target(), RestoreGround.FRESH).plan(found(situation), CORRUPTED, DEEPEST);
  }

  private static Planner planner() {
    return planner(Optional.empty(), RestoreGround.FRESH);
  }

  private static Planner planner(Optional<PostgresPlans.Target> target, RestoreGround ground) {
    PostgresPlans.Forecast forecast =
        new PostgresPlans.Forecast(
            Duration.ofSeconds(9), Duration.ofSeconds(2), Duration.ofSeconds(5), "3 s", Map.of());
    return new Planner(
        STACK,
        Map.of(),
        store ->
            new PostgresPlanner(
                STACK, STACK.datastores().get(store.datastore()), forecast, target, ground));
  }

  @Test
  void goesBackInTimeAlthoughAllIsWell() {
    Plan plan = plan(new Situation.AllWell(SECOND));

    assertThat(plan.scenario()).isEqualTo("data-corrupted");
    assertThat(step(plan, "await-wal").parameters()).containsEntry("member", "postgres-1");
    assertThat(step(plan, "choose-restore-point").parameters())
        .containsEntry("target", "2026-11-23T02:15:21Z")
        .doesNotContainKey("timeline");
  }

  @Test
  void saysBeforeApprovalWhatIsLeftOut() {
    assertThat(plan(new Situation.AllWell(FIRST)).expectedLoss())
        .startsWith("12 commits of 1 min, from 2026-11-23T02:15:21Z to 2026-11-23T02:16:21Z")
        .contains("2.0 MB of WAL");
    assertThat(plan(new Situation.AllWell(FIRST)).summary())
        .contains("2026-11-23T02:15:21Z", "last commit 2026-11-23T02:15:20Z", "0/4800040");
  }

  @Test
  void waitsForNoWalOfAPrimaryThatDoesNotAnswer() {
    Plan plan = plan(new Situation.PrimaryDown(FIRST));

    assertThat(plan.steps()).extracting(Step::id).doesNotContain("await-wal");
    assertThat(step(plan, "fence-postgres-0").after()).contains("stop-perception");
    assertThat(step(plan, "verify-target").parameters()).doesNotContainKey("measured-by");
  }

  @Test
  void makesNoPlanWhileNobodyKnowsWhoTakesWrites() {
    refused(RecoveryErrors.NEEDS_A_PERSON, () -> plan(new Situation.Unclear("no word")));
    refused(
        RecoveryErrors.NEEDS_A_PERSON,
        () -> plan(new Situation.SplitBrain(List.of(FIRST, SECOND))));
  }

  @Test
  void asksForTheMomentAndTakesItForNothingElse() {
    Assessment well = found(new Situation.AllWell(FIRST));

    refused(RecoveryErrors.NO_TARGET, () -> Planner.refuseBadWords(CORRUPTED, false));
    refused(
        RecoveryErrors.TARGET_DOES_NOT_FIT,
        () -> Planner.refuseBadWords(Optional.of("store-lost"), true));
    refused(RecoveryErrors.TARGET_DOES_NOT_FIT, () -> Planner.refuseBadWords(NOBODY_SAID, true));
    refused(RecoveryErrors.NOTHING_TO_RECOVER, () -> planner().plan(well, NOBODY_SAID, DEEPEST));
  }

  @Test
  void restoresInPlaceOnlyWhereADatabaseIsRestored() {
    Assessment well = found(new Situation.AllWell(FIRST));
    Optional<String> lost = Optional.of("store-lost");

    for (Optional<String> asked :
        List.of(Optional.of("primary-lost"), Optional.of("replica-lost"), NOBODY_SAID)) {
      refused(
          RecoveryErrors.IN_PLACE_DOES_NOT_FIT,
          () -> Planner.refuseInPlace(asked, RestoreGround.IN_PLACE));
    }
    for (Plan plan :
        List.of(
            planner(Optional.empty(), RestoreGround.IN_PLACE).plan(well, lost, DEEPEST),
            planner(target(), RestoreGround.IN_PLACE).plan(well, CORRUPTED, DEEPEST))) {
      assertThat(step(plan, "restore-postgres-0").action()).isEqualTo("postgres.restore-in-place");
      assertThat(step(plan, "choose-restore-point").parameters()).containsKey("in-place");
    }
    assertThat(step(planner().plan(well, lost, DEEPEST), "restore-postgres-0").action())
        .isEqualTo("postgres.restore");
  }

  private static void refused(ErrorCode code, Runnable planning) {
    assertThatThrownBy(planning::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static Step step(Plan plan, String id) {
    return plan.steps().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }
}
