package dev.chrysalis.recovery.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cassandra.control.MemberView;
import dev.chrysalis.cassandra.control.RingState;
import dev.chrysalis.cassandra.control.Situation;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Beside which nodes a backup is taken.
class CassandraStoreStateTest {
  private static final List<MemberId> NODES =
      IntStream.range(0, 3).mapToObj(n -> new MemberId("cassandra", n)).toList();

  @Test
  void backsUpAllNodesWhereAllServe() {
    assertThat(state(new Situation.AllWell()).backedUpBeside()).isEqualTo(NODES);
  }

  /// Another ring than the one in the vault may be what was loaded into it.
  @Test
  void backsUpARingThatCameUpAsAnother() {
    assertThat(state(new Situation.StoreLost(NODES, true)).backedUpBeside()).isEqualTo(NODES);
    assertThat(state(new Situation.StoreLost(NODES, false)).backedUpBeside()).isEmpty();
  }

  @Test
  void backsUpTheNodesThatServeWhileTheyHaveAQuorum() {
    List<MemberId> two = NODES.subList(0, 2);
    MemberId away = NODES.getLast();

    CassandraStoreState quorum = state(new Situation.NodeDown(List.of(away)), two);
    CassandraStoreState none =
        state(new Situation.QuorumLost(List.of(away), List.of(), List.of("butterfly")), two);

    assertThat(quorum.backedUpBeside()).isEqualTo(two);
    assertThat(quorum.leftOut()).containsExactly(away);
    assertThat(none.backedUpBeside()).isEmpty();
    assertThat(state(new Situation.AllWell()).leftOut()).isEmpty();
  }

  /// While nodes of one that came up empty are still on their way, nothing is said of what it is.
  @Test
  void backsUpNothingOfHalfARingThatCameUpAsAnother() {
    assertThat(state(new Situation.StoreLost(NODES, true), NODES.subList(0, 2)).backedUpBeside())
        .isEmpty();
  }

  @Test
  void backsUpAllNodesOrNoneWhereItIsUnclearWhetherTheyHaveAQuorum() {
    Situation unclear = new Situation.Unclear("nobody knows");

    assertThat(state(unclear).backedUpBeside()).isEqualTo(NODES);
    assertThat(state(unclear, NODES.subList(0, 1)).backedUpBeside()).isEmpty();
  }

  private static CassandraStoreState state(Situation situation) {
    return state(situation, NODES);
  }

  private static CassandraStoreState state(Situation situation, List<MemberId> serving) {
    return new CassandraStoreState(
        situation,
        new RingState(NODES.stream().map(id -> view(id, serving.contains(id))).toList()));
  }

  private static MemberView view(MemberId id, boolean serves) {
    return new MemberView(
        new Member(id, "", Member.Phase.RUNNING, true, 0, 1, Instant.EPOCH, ""),
        new Volume(Volume.State.PRESENT, false, 1, 1),
        serves
            ? Map.of("server", "up", "mode", "NORMAL", "gossip", "yes", "clients", "yes")
            : Map.of("server", "down"));
  }
}
