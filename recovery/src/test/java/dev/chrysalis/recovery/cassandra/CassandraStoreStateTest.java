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

  private static CassandraStoreState state(Situation situation) {
    return new CassandraStoreState(
        situation, new RingState(NODES.stream().map(CassandraStoreStateTest::serving).toList()));
  }

  private static MemberView serving(MemberId id) {
    return new MemberView(
        new Member(id, "", Member.Phase.RUNNING, true, 0, 1, Instant.EPOCH, ""),
        new Volume(Volume.State.PRESENT, false, 1, 1),
        Map.of("server", "up", "mode", "NORMAL", "gossip", "yes", "clients", "yes"));
  }
}
