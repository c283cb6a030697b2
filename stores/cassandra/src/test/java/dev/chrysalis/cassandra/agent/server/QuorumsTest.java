package dev.chrysalis.cassandra.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nodes are called by their datacenter and a number: `a1`.
class QuorumsTest {
  @ParameterizedTest
  @CsvSource({
    "a1, 0",
    "a1 a2, 0",
    "a1 a2 a3, 1",
    "a1 a2 a3 a4, 1",
    "a1 a2 a3 a4 a5, 2",
    "a1 a2 a3 b1 b2 b3, 1",
    "a1 a2 a3 a4 a5 b1 b2 b3, 1",
    "a1 a2 a3 b1, 0",
    "a1 a2 a3 b1 b2, 0"
  })
  void sparesAsManyNodesAsLeaveAQuorumOfAllAndOfEachDatacenter(String replicas, int spare) {
    assertThat(Quorums.spare(List.of(replicas.split(" ")), QuorumsTest::datacenter))
        .isEqualTo(spare);
  }

  @Test
  void isThereOnlyWhereEachDatacenterHasOne() {
    List<String> replicas = List.of("a1", "a2", "a3", "b1", "b2", "b3");

    assertThat(Quorums.are(replicas, Set.of("a1", "b1"), QuorumsTest::datacenter)).isTrue();
    assertThat(Quorums.are(replicas, Set.of("a1", "a2"), QuorumsTest::datacenter)).isFalse();
  }

  /// A keyspace that names only a datacenter that is no more.
  @Test
  void isNotMissedWhereThereAreNoReplicas() {
    assertThat(Quorums.are(List.of(), Set.of("a1"), QuorumsTest::datacenter)).isTrue();
    assertThat(Quorums.spare(List.of(), QuorumsTest::datacenter)).isZero();
  }

  private static String datacenter(String node) {
    return node.substring(0, 1);
  }
}
