package dev.chrysalis.redis.control;

import dev.chrysalis.redis.control.MemberView.Condition;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// What is wrong while one server leads as it should. Pure. The deepest trouble first:
///
/// 1. the master refuses writes: out of memory, or it cannot write its data to disk;
/// 2. the Sentinels cannot fail over: too few of them answer, or those that do know too many that
///    are gone, or ask for more than there are;
/// 3. replicas: data lost, down, not following (a failover's seconds and a copy that goes on are no
///    trouble, nor is loading);
/// 4. servers cannot write their data to disk, and writes are taken all the same;
/// 5. a Sentinel is down that the others can spare.
record ServedTrouble(RedisState state, MemberView leader) {
  Situation situation() {
    return Stream.<Function<ServedTrouble, Stream<Situation>>>of(
            ServedTrouble::refusing,
            ServedTrouble::withoutQuorum,
            ServedTrouble::replicas,
            ServedTrouble::persistence,
            ServedTrouble::sentinels,
            ServedTrouble::silence)
        .flatMap(look -> look.apply(this))
        .findFirst()
        .orElseGet(() -> new Situation.AllWell(leader.id()));
  }

  private Stream<Situation> refusing() {
    if (leader.outOfMemory()) {
      return Stream.of(new Situation.OutOfMemory(leader.id()));
    }
    return leader.refusesWrites() ? persistence() : Stream.empty();
  }

  private Stream<Situation> persistence() {
    List<MemberView> failing =
        Diagnosis.with(state.servers(), v -> v.answers() && v.persistenceTrouble().isPresent());
    return failing.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Situation.PersistenceFailing(
                leader.id(), Diagnosis.ids(failing), leader.refusesWrites()));
  }

  private Stream<Situation> withoutQuorum() {
    long down = state.sentinels().stream().filter(SentinelView::down).count();
    return down > state.sentinels().size() - state.majority() ? sentinels() : blind();
  }

  /// One that has just been started has not met the others yet.
  private Stream<Situation> blind() {
    List<SentinelView> blind =
        state.answering().stream().filter(s -> s.lacksQuorum() && !s.justStarted()).toList();
    return blind.size() > state.sentinels().size() - state.majority()
        ? Stream.of(
            new Situation.QuorumLost(
                leader.id(),
                blind.stream().map(SentinelView::id).toList(),
                blind.getFirst().whyBlind()))
        : Stream.empty();
  }

  private Stream<Situation> sentinels() {
    List<SentinelView> down = state.sentinels().stream().filter(SentinelView::down).toList();
    return down.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Situation.SentinelsDown(
                leader.id(),
                down.stream().map(SentinelView::id).toList(),
                state.failsOverByItself(),
                down.size() < state.sentinels().size()));
  }

  private Stream<Situation> replicas() {
    List<MemberView> others = Diagnosis.with(state.servers(), v -> !v.id().equals(leader.id()));
    List<MemberView> lost = Diagnosis.with(others, v -> v.condition() == Condition.DATA_LOST);
    if (!lost.isEmpty()) {
      return Stream.of(new Situation.ReplicaLost(leader.id(), Diagnosis.ids(lost)));
    }
    List<MemberView> down = Diagnosis.with(others, v -> v.condition() == Condition.DOWN_INTACT);
    if (!down.isEmpty()) {
      return Stream.of(new Situation.ReplicaDown(leader.id(), Diagnosis.ids(down)));
    }
    List<MemberView> astray =
        Diagnosis.with(others, v -> v.replica() && !(v.follows(leader) && v.keepsUp()));
    return astray.isEmpty()
        ? Stream.empty()
        : Stream.of(new Situation.ReplicationBroken(leader.id(), Diagnosis.ids(astray)));
  }

  private Stream<Situation> silence() {
    List<String> silent =
        Stream.concat(
                Diagnosis.with(state.servers(), v -> v.condition() == Condition.UNKNOWN).stream()
                    .map(v -> "no word from " + v.id() + ": " + v.whyUnknown()),
                state.sentinels().stream()
                    .filter(s -> !s.answers() && !s.down())
                    .map(s -> "no word from " + s.id() + ": " + s.whyUnknown()))
            .toList();
    return silent.isEmpty()
        ? Stream.empty()
        : Stream.of(new Situation.Unclear(String.join("; ", silent)));
  }
}
