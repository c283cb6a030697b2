package dev.chrysalis.platform.process.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.Readiness;
import dev.chrysalis.platform.process.StopSpec;
import dev.chrysalis.platform.process.WorkloadSpec;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Assigned;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Fence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private static final Assigned OLD = new Assigned(1, 1, 0);
  private static final Assigned NEW = new Assigned(2, 1, 0);

  private final WorkloadRecord first = WorkloadRecord.first(spec());
  private final WorkloadRecord changed =
      first.withRevision(first.spec(), first.current().containers(), Map.of("A", "b"));

  @Test
  void nothingHappensWhileAllHaveTheCurrentRevision() {
    assertThat(Rollout.next(first, i -> true)).isEmpty();
    assertThat(Rollout.underWay(first, i -> true)).isFalse();
  }

  @Test
  void theHighestMemberGoesFirst() {
    assertThat(Rollout.next(changed.withReplicas(4), i -> true)).containsExactly(Map.entry(3, NEW));
  }

  @Test
  void theNextOneWaitsUntilTheLastIsReady() {
    WorkloadRecord one = changed.withReplicas(4).withAssigned(Map.of(3, NEW));

    assertThat(Rollout.next(one, i -> i != 3)).isEmpty();
    assertThat(Rollout.next(one, i -> true)).containsExactly(Map.entry(2, NEW));
  }

  @Test
  void aMemberThatIsDownAnywayGoesBeforeOneThatServes() {
    assertThat(Rollout.next(changed.withReplicas(4), Set.of(0, 2, 3)::contains))
        .containsExactly(Map.entry(1, NEW));
  }

  @Test
  void membersThatDoNotRunAreHandedItAtOnce() {
    WorkloadRecord fenced = changed.withFence(0, new Fence(new Token(1), "because", Instant.EPOCH));

    assertThat(Rollout.next(fenced, i -> true))
        .containsExactlyInAnyOrderEntriesOf(Map.of(0, NEW, 3, NEW));
  }

  @Test
  void aRollbackDoesNotTouchProcessesThatNeverGotTheNewRevision() {
    WorkloadRecord stuck = changed.withReplicas(4).withAssigned(Map.of(3, NEW));
    WorkloadRecord back = stuck.withRevision(stuck.spec(), first.current().containers(), Map.of());
    Assigned third = new Assigned(3, 1, 0);

    assertThat(Rollout.next(back, i -> i != 3))
        .containsExactlyInAnyOrderEntriesOf(Map.of(0, third, 1, third, 2, third));
  }

  @Test
  void aRestartReplacesProcessesOfTheSameContent() {
    WorkloadRecord restarted = first.withReplicas(4).withNextGeneration();

    assertThat(Rollout.next(restarted, i -> true))
        .containsExactly(Map.entry(3, new Assigned(1, 2, 0)));
    assertThat(restarted.assignedTo(0)).isEqualTo(OLD);
  }

  private static WorkloadSpec spec() {
    var main = new ContainerSpec("main", List.of("true"), Map.of(), new Readiness.Running());
    return new WorkloadSpec(
        "web",
        Workload.Kind.DEPLOYMENT,
        3,
        List.of(main),
        Map.of(),
        List.of(),
        false,
        List.of("127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"),
        StopSpec.DEFAULT,
        1_000);
  }
}
