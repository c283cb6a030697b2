package dev.chrysalis.platform.job;

import static dev.chrysalis.platform.job.ScriptedPlatform.breaks;
import static dev.chrysalis.platform.job.ScriptedPlatform.exits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.PlatformErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobsTest {
  private static final MemberId MEMBER = new MemberId("postgres", 0);
  private static final JobId ID = new JobId("r3-restore");
  private static final Token TOKEN = new Token(4);
  private static final List<String> TASK = List.of("postgres", "restore", "--to", "latest");
  private static final List<JobEvent> EVENTS =
      List.of(
          new JobEvent.Note("target is 0/3000148"),
          new JobEvent.Progress("restoring files", 1, 2),
          new JobEvent.Progress("restoring files", 2, 2),
          new JobEvent.Done(Map.of("timeline", "1")));

  private final JobLines codec = new JobLines();
  private final List<JobEvent> seen = new ArrayList<>();

  @Test
  void aJobThatRunsThroughGivesItsResult() {
    ScriptedPlatform platform = new ScriptedPlatform(exits(0, "")).then(exits(0, ""));
    platform.then(exits(0, "", lines(0, 4)));

    Map<String, String> result = jobs(platform).run(MEMBER, ID, TOKEN, TASK, 1, seen::add);

    assertThat(result).containsEntry("timeline", "1");
    assertThat(seen).isEqualTo(EVENTS);
    assertThat(platform.commands.getFirst())
        .containsExactly(
            "job",
            "start",
            "r3-restore",
            "--token",
            "4",
            "--attempt",
            "1",
            "--",
            "postgres",
            "restore",
            "--to",
            "latest");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aConnectionThatBreaksAtAnyLineLosesAndRepeatsNothing(int complete) {
    String cut = codec.encode(line(complete)).substring(0, 20);
    ScriptedPlatform platform =
        new ScriptedPlatform(this::agent)
            .then((_, onLine) -> {
              List.of(lines(0, complete)).forEach(onLine);
              onLine.accept(cut);
              return new ExecOutcome.Broken("reset");
            });

    JobState end = jobs(platform).follow(MEMBER, ID, 0, seen::add);

    assertThat(end).isEqualTo(new JobState.Done(Map.of("timeline", "1")));
    assertThat(seen).isEqualTo(EVENTS);
  }

  @Test
  void everyFollowBreaksAfterOneLineAndStillTheJobIsFollowed() {
    ScriptedPlatform platform =
        new ScriptedPlatform((command, onLine) -> {
          if (command.get(1).equals("state")) {
            return new ExecOutcome.Broken("reset");
          }
          int from = Integer.parseInt(command.get(4));
          List.of(lines(from, from + 1)).forEach(onLine);
          return new ExecOutcome.Broken("reset");
        });

    assertThat(jobs(platform).follow(MEMBER, ID, 0, seen::add)).isInstanceOf(JobState.Done.class);
    assertThat(seen).isEqualTo(EVENTS);
  }

  @Test
  void linesThatComeTwiceAreHandedOnOnce() {
    ScriptedPlatform platform = new ScriptedPlatform(exits(0, ""));
    platform.then(breaks(lines(0, 3))).then(breaks()).then(exits(0, "", lines(0, 4)));

    jobs(platform).follow(MEMBER, ID, 0, seen::add);

    assertThat(seen).isEqualTo(EVENTS);
  }

  @Test
  void anAgentThatStaysSilentLeavesTheJobUnknown() {
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> jobs(new ScriptedPlatform(breaks())).follow(MEMBER, ID, 0, seen::add))
        .satisfies(e -> assertThat(e.code()).isEqualTo(PlatformErrors.JOB_UNKNOWN))
        .withMessageContaining("no word from the agent for");
  }

  @Test
  void aPlatformThatCannotBeReachedIsAskedAgain() {
    ScriptedPlatform platform = new ScriptedPlatform(exits(0, ""));
    platform.then((_, _) -> {
      throw new ChrysalisException(PlatformErrors.UNREACHABLE, "down", "wait");
    });

    jobs(platform).start(MEMBER, ID, TOKEN, TASK);

    assertThat(platform.commands).hasSize(2);
  }

  @Test
  void aStartWhoseAnswerWasLostIsRepeated() {
    ScriptedPlatform platform = new ScriptedPlatform(exits(0, "")).then(breaks());

    jobs(platform).start(MEMBER, ID, TOKEN, TASK);

    assertThat(platform.commands).hasSize(2).allSatisfy(c -> assertThat(c).contains("start"));
  }

  @Test
  void whatTheAgentRefusesKeepsItsCodeAndHint() {
    String errors = "error CHR-3004: token 4 is older than 5\nhint: another controller took over";
    ScriptedPlatform platform = new ScriptedPlatform(exits(15, errors));

    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> jobs(platform).start(MEMBER, ID, TOKEN, TASK))
        .satisfies(e -> assertThat(e.code()).isEqualTo(PlatformErrors.STALE_TOKEN))
        .satisfies(e -> assertThat(e.code().category()).isEqualTo(Category.LEASE))
        .satisfies(e -> assertThat(e.hint()).isEqualTo("another controller took over"));
    assertThat(platform.commands).hasSize(1);
  }

  @Test
  void anAgentThatIsNotThereIsAnErrorAtOnce() {
    ScriptedPlatform platform = new ScriptedPlatform(exits(127, "not found"));

    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> jobs(platform).start(MEMBER, ID, TOKEN, TASK))
        .satisfies(e -> assertThat(e.code()).isEqualTo(PlatformErrors.EXEC_FAILED));
  }

  @Test
  void aFailedJobIsTheAgentsErrorInAJobFailed() {
    JobLine failed =
        new JobLine(0, Instant.EPOCH, new JobEvent.Failed("CHR-5016", "no room", "add a disk"));
    ScriptedPlatform platform = new ScriptedPlatform(exits(0, "", codec.encode(failed)));

    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> jobs(platform).run(MEMBER, ID, TOKEN, TASK, 3, seen::add))
        .withMessageContaining("CHR-5016: no room")
        .satisfies(e -> assertThat(e.code()).isEqualTo(PlatformErrors.JOB_FAILED))
        .satisfies(e -> assertThat(e.hint()).isEqualTo("add a disk"));
  }

  @Test
  void aLostAttemptOfAConvergentTaskIsStartedAgain() {
    String lost = codec.encode(new JobState.Lost(1));
    ScriptedPlatform platform = new ScriptedPlatform(this::agent).then(exits(0, ""));
    platform.then(exits(21, "error CHR-6004: gone", lines(0, 2))).then(exits(0, "", lost));

    jobs(platform).run(MEMBER, ID, TOKEN, TASK, 2, seen::add);

    assertThat(seen).isEqualTo(EVENTS);
    assertThat(platform.commands.get(3)).startsWith("job", "start").contains("--attempt", "2");
  }

  @Test
  void aLostAttemptOfATaskThatMayRunOnceIsUnknown() {
    String lost = codec.encode(new JobState.Lost(1));
    ScriptedPlatform platform = new ScriptedPlatform(exits(0, "", lost));

    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> jobs(platform).run(MEMBER, ID, TOKEN, TASK, 1, seen::add))
        .satisfies(e -> assertThat(e.code()).isEqualTo(PlatformErrors.JOB_UNKNOWN));
  }

  @Test
  void aJobThatWasNotStartedAfterAllIsStarted() {
    String notStarted = codec.encode(new JobState.NotStarted());
    ScriptedPlatform platform = new ScriptedPlatform(this::agent).then(exits(0, ""));
    platform.then(exits(2, "error CHR-6003: none")).then(exits(0, "", notStarted));

    jobs(platform).run(MEMBER, ID, TOKEN, TASK, 1, seen::add);

    assertThat(seen).isEqualTo(EVENTS);
  }

  @Test
  void aStateSaysHowFarTheJobIs() {
    JobState running = new JobState.Running(1, new JobEvent.Progress("restoring files", 1, 2));
    ScriptedPlatform platform = new ScriptedPlatform(exits(0, "", codec.encode(running)));

    assertThat(jobs(platform.then(breaks())).state(MEMBER, ID)).isEqualTo(running);
  }

  @Test
  void anInterruptedWaitEndsAndKeepsTheInterrupt() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> jobs(new ScriptedPlatform(breaks())).state(MEMBER, ID))
        .satisfies(e -> assertThat(e.code()).isEqualTo(PlatformErrors.JOB_UNKNOWN));
    assertThat(Thread.interrupted()).isTrue();
  }

  /// An agent that works: its job is done.
  private ExecOutcome agent(List<String> command, Consumer<String> onLine) {
    switch (command.get(1)) {
      case "follow" -> List.of(lines(Integer.parseInt(command.get(4)), 4)).forEach(onLine);
      case "state" -> onLine.accept(codec.encode(new JobState.Done(Map.of("timeline", "1"))));
      default -> {}
    }
    return new ExecOutcome.Exited(0, "");
  }

  private String[] lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> codec.encode(line(i))).toArray(String[]::new);
  }

  private JobLine line(int n) {
    return new JobLine(n, Instant.parse("2026-11-23T02:15:30Z"), EVENTS.get(n));
  }

  private static Jobs jobs(ScriptedPlatform platform) {
    return new Jobs(platform, new CountedPatience());
  }

  /// Two minutes of patience that pass without waiting.
  private static final class CountedPatience implements Patience {
    private long nanos;

    @Override
    public Duration silence() {
      return Duration.ofMinutes(2);
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void pause(Duration time) {
      nanos += time.toNanos();
    }
  }
}
