package dev.chrysalis.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.workloads.WholeStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A plan made for one state meets another by its second look. The words are those of `SeenRedis`.
class GistTest {
  @ParameterizedTest(name = "{0} ({1}) -> {2} ({3})")
  @CsvSource({
    "gone replica@0 replica@0, 0 0 0, gone ahead@0 replica@0, 0 0 0, true",
    // Whoever of several leads is chosen once all are fenced.
    "gone cut@0 cut@0, 0 0 0, gone cut@0 down, 0 0 0, true",
    // The plan would raise one that is down, and fence the other, which runs and has newer data.
    "gone down down, 0 0 0, gone down ahead@0, 0 0 0, false",
    "gone down down, 0 0 0, gone down down, 0 0 0, true",
    // The plan would wait for a vote that nobody can win, or stop Sentinels that can vote.
    "gone cut@0 cut@0, 0 0 0, gone cut@0 cut@0, 0? down down, false"
  })
  void aPlanForALostMasterFitsWhereTheSameWouldLead(
      String planned, String watching, String met, String watchingNow, boolean fits) {
    assertThat(gist(planned, watching).equals(gist(met, watchingNow))).isEqualTo(fits);
  }

  @ParameterizedTest(name = "{0} ({1}) -> {2} ({3})")
  @CsvSource({
    "master replica@0 replica@0, 0 0 0, master replica@0 down, 0 0 down, true",
    "master replica@0 loading, 0 0 0, master replica@0 replica@0, 0 0 0, true",
    "master replica@0 replica@0, 0 0 0, replica@1 master replica@1, 1 1 1, false",
    "master replica@0 replica@0, 0 0 0, down replica@0 replica@0, 0! 0! 0!, false",
    "gone gone silent, 0 0 0, gone gone gone, 0 0 0, true",
    "gone gone gone, 0 0 0, gone down gone, 0 0 0, false"
  })
  void aPlanForTheWholeStoreFitsWhereTheSameServes(
      String planned, String watching, String met, String watchingNow, boolean fits) {
    assertThat(whole(met, watchingNow).fits(whole(planned, watching).text())).isEqualTo(fits);
  }

  private static WholeStore whole(String servers, String sentinels) {
    RedisState state = SeenRedis.of(servers, sentinels);
    return Gist.ofWholeStore(Diagnosis.of(state, Past.UNKNOWN), state);
  }

  private static String gist(String servers, String sentinels) {
    RedisState state = SeenRedis.of(servers, sentinels);
    return Gist.of(Diagnosis.of(state, Past.UNKNOWN), state);
  }
}
