package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Actions;
import dev.chrysalis.engine.Consent;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.Runner;
import dev.chrysalis.engine.RunnerSettings;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.workloads.SetVolumeAside;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AsidesTest {
  private static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");
  private static final MemberId MEMBER = new MemberId("postgres", 0);
  private static final Duration WEEK = Duration.ofDays(7);

  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final FakePlatform platform =
      new FakePlatform(at(Duration.ZERO)).with("postgres", Workload.Kind.STATEFUL_SET, 1, 1, true);

  @Test
  void letsGoWhatAnEndedRunSetAsideOnceThePolicysTimeIsOver() {
    setAside(SetVolumeAside.nameOf(run(true)));

    assertThat(asides(WEEK.minusDays(1)).expired(BEGIN.plusSeconds(60))).isEmpty();
    List<Aside> expired = asides(WEEK.plusDays(1)).expired(BEGIN.plusSeconds(60));
    assertThat(expired).extracting(Aside::member).containsExactly(MEMBER);

    asides(WEEK.plusDays(1)).drop(new Token(2), expired);

    assertThat(platform.asides("postgres")).isEmpty();
  }

  @Test
  void keepsWhatARunThatCanGoOnWouldGiveBack() {
    setAside(SetVolumeAside.nameOf(run(false)));

    assertThat(asides(WEEK.multipliedBy(9)).olderThan(WEEK)).isEmpty();
    assertThat(asides(WEEK.multipliedBy(9)).expired(BEGIN.plusSeconds(60))).isEmpty();
  }

  @Test
  void letsGoWhatALeftRunSetAsideOnceANewerOneWasBegun() {
    String left = run(false);
    setAside(SetVolumeAside.nameOf(left));
    assertThat(runner(true).start(plan(), Consent.WHOLE_PLAN, left))
        .isInstanceOf(RunOutcome.Succeeded.class);

    assertThat(asides(WEEK.plusDays(1)).olderThan(WEEK)).hasSize(1);
  }

  @Test
  void keepsWhatNoSnapshotIsNewerThan() {
    setAside(SetVolumeAside.nameOf(run(true)));

    assertThat(asides(WEEK.plusDays(1)).expired(BEGIN.minusSeconds(60))).isEmpty();
  }

  @Test
  void leavesWhatNoRunSetAsideToPeople() {
    setAside("by-hand");

    assertThat(asides(WEEK.plusDays(1)).expired(BEGIN.plusSeconds(60))).isEmpty();
    assertThat(asides(WEEK.plusDays(1)).olderThan(WEEK)).hasSize(1);
  }

  private void setAside(String name) {
    Fencing _ = platform.fence(new Token(1), MEMBER, "a test");
    platform.setAside(new Token(1), MEMBER, name);
  }

  /// A run that ended well, or one that failed and can be resumed.
  private String run(boolean succeeds) {
    return runner(succeeds).start(plan(), Consent.WHOLE_PLAN).run();
  }

  private Runner runner(boolean succeeds) {
    Surroundings around = Surroundings.system();
    return new Runner(
        records,
        new Leases(records, around),
        Actions.of(List.of(new Ending(succeeds))),
        RunnerSettings.of(new Holder("bastion-1", 4711, "ana", "chrysalis recover")),
        around);
  }

  private static Plan plan() {
    Step step = Step.named("a").title("Do a").action("test.ending").build();
    return new Plan("store-lost", "butterfly", "A plan.", "nothing", WEEK, List.of(step));
  }

  private Asides asides(Duration later) {
    return new Asides(stack(), platform, new Runs(records), at(later));
  }

  private static Clock at(Duration later) {
    return Clock.fixed(BEGIN.plus(later), ZoneOffset.UTC);
  }

  private static Stack stack() {
    return StackFile.parse(
        "stack.yaml",
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/platform}
        vault: {location: 'file:///srv/vault', passphraseFile: /srv/passphrase}
        asides: {keep: 7d}
        datastores:
          postgres: {kind: postgresql}
        """);
  }

  private record Ending(boolean succeeds) implements Action {
    @Override
    public String name() {
      return "test.ending";
    }

    @Override
    public Probe probe(StepContext context) {
      return succeeds
          ? new Probe.Reached(Map.of())
          : new Probe.Waiting("something that never comes");
    }

    @Override
    public void act(StepContext context) {
      throw new IllegalStateException("a step that fails");
    }

    @Override
    public List<String> byHand(Step step) {
      return List.of();
    }
  }
}
