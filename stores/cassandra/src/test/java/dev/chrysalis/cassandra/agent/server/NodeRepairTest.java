package dev.chrysalis.cassandra.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.cassandra.server.HeardNotes;
import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeRepairTest {
  private static final String TROUBLE =
      "Repair session 7 for range [(-9,8], (10,-11]] failed with error [repair #7 on butterfly/t,"
          + " [(-9,8], (10,-11]]] Got VALIDATION_REQ failure from /127.0.0.3:7000: UNKNOWN";

  private final List<Duration> pauses = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private FakeNode node;

  @BeforeEach
  void startNode() throws Exception {
    node = new FakeNode(List.of("system_auth", "butterfly"));
  }

  @AfterEach
  void stopNode() throws Exception {
    node.close();
  }

  @Test
  void beginsARepairAgainThatANodeEndedWhichHeardLateOfARestart() {
    node.failNextRepairs(2, TROUBLE);

    assertThat(repair().run()).containsExactly("butterfly", "system_auth");

    assertThat(node.repaired())
        .containsExactly("butterfly", "butterfly", "butterfly", "system_auth");
    assertThat(pauses).containsSubsequence(Duration.ofSeconds(5), Duration.ofSeconds(20));
    assertThat(notes)
        .hasSize(2)
        .allSatisfy(note ->
            assertThat(note)
                .contains("butterfly", "VALIDATION_REQ failure from /127.0.0.3", "range […]")
                .doesNotContain("(10,-11]"));
  }

  @Test
  void givesUpARepairThatFailsAgainAndAgain() {
    node.failNextRepairs(Integer.MAX_VALUE, TROUBLE);

    assertThatThrownBy(repair()::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> {
              assertThat(e.code()).isEqualTo(CassandraErrors.COMMAND_FAILED);
              assertThat(e).hasMessageContaining("the repair of butterfly failed 4 times");
              assertThat(e).hasMessageContaining("VALIDATION_REQ");
            });
    assertThat(node.repaired()).hasSize(4).containsOnly("butterfly");
  }

  /// JMX tells only of the last thousand events of a server; a repair that streams has more.
  @Test
  void asksForTheEndUntilThereIsOne() {
    node.answerFirst("IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS");

    assertThat(repair().run()).containsExactly("butterfly", "system_auth");

    assertThat(node.repaired()).containsExactly("butterfly", "system_auth");
    assertThat(pauses).hasSize(5).startsWith(millis(100), millis(200), millis(400), millis(800));
  }

  @Test
  void givesNoRepairUpForAPauseOfItsNode() {
    node.answerFirst("UNABLE", "UNABLE", "IN_PROGRESS", "UNABLE");

    assertThat(repair().run()).containsExactly("butterfly", "system_auth");
    assertThat(node.repaired()).containsExactly("butterfly", "system_auth");
  }

  @Test
  void saysThatANodeAnswersNoMore() {
    String[] silence = new String[20];
    Arrays.fill(silence, "UNABLE");
    node.answerFirst(silence);

    assertThatThrownBy(repair()::run).hasMessageContaining("cannot tell of its repairs");
    assertThat(pauses).hasSize(11).endsWith(Duration.ofSeconds(10));
  }

  @Test
  void beginsAgainWhatANodeForgotThatWasRestarted() {
    node.answerFirst("RESTARTED");

    assertThat(repair().run()).containsExactly("butterfly", "system_auth");
    assertThat(node.repaired()).containsExactly("butterfly", "butterfly", "system_auth");
    assertThat(notes).singleElement().asString().contains("the node was restarted meanwhile");
  }

  @Test
  void waitsForANodeThatIsOnItsWayUpAgain() {
    node.beFirst("NORMAL", "STARTING", "UNABLE");
    node.answerFirst("RESTARTED");

    assertThat(repair().run()).containsExactly("butterfly", "system_auth");
    assertThat(node.repaired()).containsExactly("butterfly", "butterfly", "system_auth");
    assertThat(notes)
        .satisfiesExactly(
            note -> assertThat(note).contains("restarted"),
            note -> assertThat(note).contains("the node is STARTING"),
            note -> assertThat(note).contains("cannot tell its OperationMode"));
  }

  private static Duration millis(int count) {
    return Duration.ofMillis(count);
  }

  private NodeRepair repair() {
    CassandraNode address = CassandraNode.open("127.0.0.1", node.port());
    return new NodeRepair(
        new NodeConnection(address, Duration.ofSeconds(20)), new HeardNotes(notes), pauses::add);
  }
}
