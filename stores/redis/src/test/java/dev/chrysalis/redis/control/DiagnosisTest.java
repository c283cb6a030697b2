package dev.chrysalis.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.redis.control.RestorePoints.CameUpEmpty;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is seen of three servers and three Sentinels, and what it adds up to. The words are those
/// of `SeenRedis`.
class DiagnosisTest {
  @ParameterizedTest(name = "{0}, Sentinels {1}, {2} keys in the vault: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # servers                         | sentinels            | vault | scenario
          # All is well, and what comes and goes is no trouble.
          master replica@0 replica@0        | 0 0 0                | 1000  | all-well
          master replica@0 replica@0        | ''                   | 1000  | all-well
          replica@1 master replica@1        | 1 1 1                | 1000  | all-well
          master                            | 0 0 0                | 1000  | all-well
          empty-master keyless@0 keyless@0  | 0 0 0                |       | all-well
          empty-master keyless@0 keyless@0  | 0 0 0                | 0     | all-well
          empty-master replica@0 replica@0  | 0 0 0                | 0     | all-well
          master just-cut@0 replica@0       | 0 0 0                | 1000  | all-well
          master copying@0 replica@0        | 0 0 0                | 1000  | all-well
          master just-up@0 replica@0        | 0 0 0                | 1000  | all-well
          master loading replica@0          | 0 0 0                | 1000  | all-well
          master keyless@0 replica@0        | 0 0 0                | 1000  | all-well
          half-full-master replica@0        | 0 0 0                | 1000  | all-well
          evicting-master replica@0         | 0 0 0                | 1000  | all-well
          # The master is down.
          down-master cut@0 cut@0           | 0! 0! 0!             | 1000  | master-down
          down replica@0 replica@0          | 0 0 0                | 1000  | master-down
          down cut@0 cut@0                  | ''                   | 1000  | master-down
          down-master replica@0 replica@0   | down down down       | 1000  | master-down
          down-master down down             | 0 0 0                | 1000  | master-down
          down-master down down             | down down down       | 1000  | master-down
          down-master gone gone             | 0 0 0                | 1000  | master-down
          down-master silent replica@0      | 0 0 0                | 1000  | master-down
          silent cut@0 cut@0                | 0! 0! 0!             | 1000  | master-down
          # Its data is gone, and another has some.
          emptied cut@0 cut@0               | 0! 0! 0!             | 1000  | master-lost
          gone replica@0 replica@0          | 0 0 0                | 1000  | master-lost
          gone down down                    | 0 0 0                | 1000  | master-lost
          half-restored cut@0 cut@0         | 0 0 0                | 1000  | master-lost
          ignored cut@0 cut@0               | 0 0 0                | 1000  | master-lost
          emptied-master cut@0 cut@0        | down down down       | 1000  | master-lost
          gone cut@0 gone                   | ''                   |       | master-lost
          gone cut@1 cut@0                  | ''                   |       | master-lost
          down-keyless cut@0 cut@0          | 0! 0! 0!             | 1000  | master-lost
          down-keyless down down            | 0 0 0                | 1000  | master-lost
          down-keyless down down            | down down down       |       | unclear
          # An empty master must not take the data of those that still have it.
          empty-master cut@0 cut@0          | 0 0 0                | 1000  | master-lost
          empty-master cut@0 keyless@0      | 0 0 0                | 1000  | master-lost
          empty-master down down            | 0 0 0                | 1000  | master-lost
          empty-master cut@0 cut@0          | 0 0 0                |       | master-lost
          empty-master down gone            | 0 0 0                |       | master-lost
          empty-master copying@0 replica@0  | 0 0 0                | 1000  | master-lost
          # No member has data.
          gone gone gone                    | 0 0 0                | 1000  | store-lost
          gone emptied half-restored        | down down down       |       | store-lost
          empty-master keyless@0 keyless@0  | 0 0 0                | 1000  | store-lost
          empty-master gone keyless@0       | 0 0 0                | 1000  | store-lost
          empty-master down-keyless gone    | 0 0 0                | 1000  | store-lost
          empty-master empty-master gone    | 0 0 0                | 1000  | store-lost
          keyless@0 keyless@1 gone          | down down down       | 1000  | store-lost
          # Two lead.
          master master replica@1           | 1 1 1                | 1000  | split-brain
          master master replica@1           | 0 1 0                | 1000  | split-brain
          empty-master master replica@1     | 1 1 1                | 1000  | split-brain
          # One of them was started just now, and the Sentinels will see to it.
          just-started-master master replica@1       | 1 1 1       | 1000  | unclear
          just-started-master master replica@1       | 0 1 0       | 1000  | split-brain
          master just-started-master replica@1       | 1 1 1       | 1000  | split-brain
          just-started-master master replica@1       | ''          | 1000  | split-brain
          just-promoted-master master replica@1      | 1 1 1       | 1000  | split-brain
          # The Sentinels name another.
          master replica@0 replica@0        | 1 1 1                | 1000  | wrong-master
          master replica@0 replica@0        | 1 1 0                | 1000  | wrong-master
          master replica@0 replica@0        | 9 9 9                | 1000  | wrong-master
          master gone gone                  | 1 1 1                | 1000  | wrong-master
          # And that one may have newer data.
          master down down                  | 1 1 1                | 1000  | unclear
          master silent replica@0           | 1 1 1                | 1000  | unclear
          master loading replica@0          | 1 1 1                | 1000  | unclear
          replica@1 replica@0 replica@0     | 0 0 0                | 1000  | wrong-master
          # Writes are refused.
          full-master replica@0 replica@0   | 0 0 0                | 1000  | out-of-memory
          full-master gone gone             | 0 0 0                | 1000  | out-of-memory
          full-master replica@0 replica@0   | down down down       | 1000  | out-of-memory
          refusing-master gone replica@0    | 0 0 0                | 1000  | persistence-failing
          full-disk-master down replica@0   | 0 0 0                | 1000  | persistence-failing
          # They are not, and what fails is told once the replicas are well.
          unsaved-master replica@0          | 0 0 0                | 1000  | persistence-failing
          master unsaved@0 replica@0        | 0 0 0                | 1000  | persistence-failing
          unsaved-master gone replica@0     | 0 0 0                | 1000  | replica-lost
          # Sentinels are down: before the replicas where they cannot fail over, else after them.
          master replica@0 replica@0        | down down 0          | 1000  | sentinels-down
          master replica@0 replica@0        | down down down       | 1000  | sentinels-down
          master replica@0 replica@0        | down 0 0             | 1000  | sentinels-down
          master gone gone                  | down down 0          | 1000  | sentinels-down
          master gone replica@0             | down 0 0             | 1000  | replica-lost
          # They run, and know too many that are gone; those that were just started do not count.
          master replica@0 replica@0        | 0? 0? 0?             | 1000  | quorum-lost
          master gone replica@0             | 0? 0? 0              | 1000  | quorum-lost
          master replica@0 replica@0        | 0? 0 0               | 1000  | all-well
          master replica@0 replica@0        | 0* 0* 0*             | 1000  | all-well
          master replica@0 replica@0        | down 0? 0?           | 1000  | quorum-lost
          # Replicas, the deepest trouble first.
          master gone down                  | 0 0 0                | 1000  | replica-lost
          master emptied replica@0          | 0 0 0                | 1000  | replica-lost
          master half-restored replica@0    | 0 0 0                | 1000  | replica-lost
          master down cut@0                 | 0 0 0                | 1000  | replica-down
          master down-master replica@0      | 0 0 0                | 1000  | replica-down
          master cut@0 replica@0            | 0 0 0                | 1000  | replication-broken
          master replica@2 replica@0        | 0 0 0                | 1000  | replication-broken
          master replica@9 replica@0        | 0 0 0                | 1000  | replication-broken
          # Nothing is concluded from silence.
          master silent replica@0           | 0 0 0                | 1000  | unclear
          master refused replica@0          | 0 0 0                | 1000  | unclear
          master replica@0 replica@0        | silent 0 0           | 1000  | unclear
          master replica@0 replica@0        | silent silent silent | 1000  | unclear
          silent cut@0 cut@0                | 0 0 0                | 1000  | unclear
          silent silent silent              | 0 0 0                | 1000  | unclear
          silent gone gone                  | ''                   | 1000  | unclear
          refused refused refused           | 0 0 0                | 1000  | unclear
          gone silent silent                | 0 0 0                | 1000  | unclear
          empty-master silent keyless@0     | 0 0 0                | 1000  | unclear
          loading replica@0 replica@0       | 0 0 0                | 1000  | unclear
          loading loading loading           | ''                   | 1000  | unclear
          master replica@0 replica@0        | 0 1 2                | 1000  | unclear
          replica@1 replica@2 replica@0     | ''                   | 1000  | unclear
          """)
  void addsUp(String servers, String sentinels, String keysInVault, String scenario) {
    Situation situation =
        Diagnosis.of(
            SeenRedis.of(servers, sentinels), new Past(keys(keysInVault), Optional.empty()));

    assertThat(situation.scenario()).as("%s", situation).isEqualTo(scenario);
  }

  private static OptionalLong keys(String text) {
    return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  @Test
  void theFittestReplicaIsTheOneThatReceivedMost() {
    Situation situation = of("down ahead@0 replica@0", "0! 0! 0!");

    assertThat(situation)
        .isEqualTo(
            new Situation.MasterDown(
                SeenRedis.members(0).getFirst(), SeenRedis.members(1, 2), true));
    assertThat(of("down replica@0 ahead@0", "0 0 0"))
        .isEqualTo(
            new Situation.MasterDown(
                SeenRedis.members(0).getFirst(), SeenRedis.members(2, 1), true));
  }

  @Test
  void aReplicaThatMustNeverLeadOrHasNoKeyIsNotFit() {
    assertThat(of("down never@0 keyless@0", "0 0 0"))
        .isEqualTo(
            new Situation.MasterDown(SeenRedis.members(0).getFirst(), SeenRedis.members(), true));
  }

  @Test
  void withoutTheirMajorityTheSentinelsDoNotFailOver() {
    Situation situation = of("down-master replica@0 replica@0", "0? down down");

    assertThat(((Situation.MasterDown) situation).failsOver()).isFalse();
  }

  @Test
  void anEmptyMasterIsAmongTheLostAndThoseWithDataHoldIt() {
    assertThat(of("empty-master cut@0 gone", "0 0 0"))
        .isEqualTo(
            new Situation.MasterLost(
                SeenRedis.members(0, 2),
                SeenRedis.members(1),
                Optional.of(SeenRedis.members(0).getFirst())));
  }

  @Test
  void clientsAreServedWhileAReplicaIsLostAndNotWhileTheMasterIs() {
    Situation replicaLost = of("master gone replica@0", "0 0 0");
    Situation masterLost = of("gone replica@0 replica@0", "0 0 0");

    assertThat(replicaLost.serves()).isTrue();
    assertThat(replicaLost.takesWrites()).contains(SeenRedis.members(0).getFirst());
    assertThat(masterLost.serves()).isFalse();
    assertThat(masterLost.takesWrites()).isEmpty();
  }

  @Test
  void whatIsUnclearNamesWhoIsSilentAndWhy() {
    Situation situation = of("master refused replica@0", "0 silent 0");

    assertThat(((Situation.Unclear) situation).why())
        .contains("redis-1: WRONGPASS")
        .contains("redis-sentinel-1: no such pod");
  }

  private static Situation of(String servers, String sentinels) {
    return Diagnosis.of(
        SeenRedis.of(servers, sentinels), new Past(OptionalLong.of(1000), Optional.empty()));
  }

  @Test
  void doesNotTakeASentinelThatMayNotBeAskedForOneThatSeesTooFew() {
    RedisState seen = SeenRedis.of("master replica@0 replica@0", "0 0 0");
    List<SentinelView> refused =
        seen.sentinels().stream()
            .map(s -> new SentinelView(s.observed(), refusing(s.status())))
            .toList();

    assertThat(Diagnosis.of(new RedisState(seen.servers(), refused), Past.UNKNOWN))
        .isInstanceOf(Situation.AllWell.class);
  }

  private static Map<String, String> refusing(Map<String, String> status) {
    Map<String, String> refusing = new HashMap<>(status);
    refusing.put("ckquorum", "NOPERM this user has no permissions");
    return refusing;
  }

  /// Clients see a store that works. Only the vault knows that it had ten times as much.
  @Test
  void isLostAlthoughItServesWhereItCameUpEmptyAndWasFilledAnew() {
    CameUpEmpty empty = new CameUpEmpty(SeenRedis.members(0).getFirst(), Instant.EPOCH, 10_000);

    assertThat(cameUp("master replica@0 replica@0", empty))
        .isEqualTo(new Situation.StoreLost(SeenRedis.members(0, 1, 2), Optional.of(empty)));
    // Most of it is there again.
    CameUpEmpty little = new CameUpEmpty(empty.member(), empty.at(), 1500);
    assertThat(cameUp("master replica@0 replica@0", little)).isInstanceOf(Situation.AllWell.class);
    // As many are there again, but of a process that began with none.
    String leads =
        SeenRedis.of("master replica@0 replica@0", "0 0 0")
            .servers()
            .getFirst()
            .replicationId()
            .orElseThrow();
    CameUpEmpty certain = new CameUpEmpty(empty.member(), empty.at(), 1500, Set.of(leads));
    assertThat(cameUp("master replica@0 replica@0", certain))
        .isEqualTo(new Situation.StoreLost(SeenRedis.members(0, 1, 2), Optional.of(little)));
  }

  private static Situation cameUp(String servers, CameUpEmpty empty) {
    return Diagnosis.of(
        SeenRedis.of(servers, "0 0 0"), new Past(OptionalLong.of(10_000), Optional.of(empty)));
  }
}
