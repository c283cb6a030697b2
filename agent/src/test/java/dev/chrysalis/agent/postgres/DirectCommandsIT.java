package dev.chrysalis.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.agent.postgres.AgentCommand.Ended;
import dev.chrysalis.postgres.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DirectCommandsIT {
  private static TestPostgres primary;

  @BeforeAll
  static void start() {
    primary = TestPostgres.started(17);
  }

  @AfterAll
  static void stop() {
    primary.close();
  }

  @Test
  void aStatusIsOneJsonObjectOnOneLine() {
    Ended status = run(primary, "postgres", "status", "-o", "json");

    assertThat(status.code()).isZero();
    assertThat(status.out().strip())
        .hasLineCount(1)
        .startsWith("{")
        .contains("\"role\":\"primary\"");
  }

  @Test
  void aServerThatIsDownIsAStateAndNoError() {
    Ended status = run(primary, "postgres", "status", "--port", "1");

    assertThat(status.code()).isZero();
    assertThat(status.out()).contains("server: down").contains("data: initialised");
    assertThat(status.err()).isEmpty();
  }

  @Test
  void aWrongPasswordIsToldInTwoLines() {
    Ended check = run(primary, "postgres", "check", "--user", "nobody");

    assertThat(check.code()).isEqualTo(18);
    assertThat(check.err()).startsWith("error CHR-5002:").contains("\nhint: ").hasLineCount(2);
  }

  @Test
  void aCheckNamesWhatWouldHurt() {
    Ended check = run(primary, "postgres", "check");

    assertThat(check.code()).isEqualTo(10);
    assertThat(check.err()).startsWith("error CHR-5019: max_slot_wal_keep_size is unlimited");
  }

  @Test
  void aRestoreInPlaceIsNotTakenBackUnderARunningServerNorAskedForByHalf() {
    Ended running = run(primary, "postgres", "restore", "--undo", "by-hand");
    Ended half = run(primary, "postgres", "restore", "--no-way-back");

    assertThat(running.code()).isEqualTo(11);
    assertThat(running.err()).startsWith("error CHR-5009: a server runs on");
    assertThat(half.code()).isEqualTo(2);
    assertThat(half.err()).startsWith("error CHR-6001: --no-way-back only goes with --in-place");
  }

  @Test
  void aStandbyIsPromotedOnceAndOnlyFromTheTimelineThatIsExpected() {
    try (TestPostgres replica = primary.replica()) {
      Ended wrong = run(replica, "postgres", "promote", "--expect-timeline", "7");
      Ended first = run(replica, "postgres", "promote", "--expect-timeline", "1");
      Ended again = run(replica, "postgres", "promote", "--expect-timeline", "1");
      Ended primaryItself = run(primary, "postgres", "promote", "--expect-timeline", "1");

      assertThat(wrong.err()).startsWith("error CHR-5013: the standby is on timeline 1, not on 7");
      assertThat(first.code()).isZero();
      assertThat(first.out()).contains("timeline: 2").contains("already: false");
      assertThat(again.out()).contains("timeline: 2").contains("already: true");
      assertThat(primaryItself.err()).startsWith("error CHR-5013:");
    }
  }

  @Test
  void aRecoveryIsEndedOnlyAtItsTarget() {
    try (TestPostgres recovering = primary.replica()) {
      Ended tooEarly = run(recovering, "postgres", "end-recovery");
      assertThat(tooEarly.err()).startsWith("error CHR-5017: recovery is at");

      recovering.execute("select pg_wal_replay_pause()");
      String target = recovering.query("select pg_last_wal_replay_lsn()");
      Ended reached = run(recovering, "postgres", "await-target", "--target", target);
      Ended ended =
          run(recovering, "postgres", "await-target", "--target", "F/0", "--patience", "1");

      assertThat(reached.code()).isZero();
      assertThat(reached.out()).contains("lsn: " + target);
      assertThat(ended.code()).isEqualTo(20);
      assertThat(ended.err()).startsWith("error CHR-6014: replay did not reach F/0");
    }
  }

  private static Ended run(TestPostgres server, String... arguments) {
    return AgentCommand.beside(server).run(arguments);
  }
}
