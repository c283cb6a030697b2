package dev.chrysalis.platform.job;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The controller's side of jobs: starts them beside a member, follows them over connections that
/// break, and says what became of them. Keeps no state, so another controller that knows a job's
/// name can go on. Safe for many threads; calls block.
///
/// 1. `start` is repeated until the agent says that the job is there; that is safe since the agent
///    starts each attempt of a job at most once.
/// 2. A stream that ends without a result tells nothing: the agent is asked for the job's state,
///    and the job is followed again from the first event that was not seen.
/// 3. Only when no word came from the agent for the time of `Patience`, the job's fate is unknown
///    (`JOB_UNKNOWN`), and it may still run.
///
/// Holds: each event is handed on once and in order; a job is *failed* only when its agent said so.
public final class Jobs {
  private static final Duration DEFAULT_SILENCE = Duration.ofMinutes(2);

  private final Platform platform;
  private final Patience patience;
  private final JobLines lines = new JobLines();

  public Jobs(Platform platform) {
    this(platform, Patience.of(DEFAULT_SILENCE));
  }

  public Jobs(Platform platform, Patience patience) {
    this.platform = platform;
    this.patience = patience;
  }

  /// Starts a job; one that was started before stays as it is, whatever became of it. `task` is the
  /// agent's command: `postgres restore --to latest`. Errors are the agent's own (the same id with
  /// another task, `STALE_TOKEN`, `VOLUME_IN_USE`), or `JOB_UNKNOWN`.
  public void start(MemberId member, JobId id, Token token, List<String> task) {
    start(member, id, token, task, 1);
  }

  /// Starts an attempt of a job: the first, or the one after an attempt that was lost. Changes
  /// nothing where that attempt was started before, or where an earlier one runs or has a result.
  public void start(MemberId member, JobId id, Token token, List<String> task, int attempt) {
    List<String> command = new ArrayList<>(List.of("job", "start", id.value()));
    command.addAll(List.of("--token", token.toString(), "--attempt", Integer.toString(attempt)));
    command.add("--");
    command.addAll(task);
    insist(member, id, () -> tryCommand(member, command, _ -> {}) ? Optional.of(true) : none());
  }

  /// What became of a job, asked until the agent answers.
  public JobState state(MemberId member, JobId id) {
    return insist(member, id, () -> askState(member, id));
  }

  /// Hands on the job's events from number `from` until it has ended. Returns how it ended: `Done`,
  /// `Failed` or `Lost`; `NotStarted` where there is no such job.
  public JobState follow(MemberId member, JobId id, long from, Consumer<JobEvent> seen) {
    return new Follower(member, id, from, seen).follow();
  }

  /// Starts a job and follows it to its end. A job that is there already is followed from its first
  /// event, so that a controller that was restarted gets the same answer.
  ///
  /// @param attempts how often the task may be started when it gets lost: more than 1 only where
  ///   running it again does no harm
  /// @return the job's result; otherwise `JOB_FAILED`, or `JOB_UNKNOWN` when it was lost or cannot
  ///   be reached
  public Map<String, String> run(
      MemberId member,
      JobId id,
      Token token,
      List<String> task,
      int attempts,
      Consumer<JobEvent> seen) {
    int attempt = 1;
    start(member, id, token, task, attempt);
    Follower follower = new Follower(member, id, 0, seen);
    while (true) {
      switch (follower.follow()) {
        case JobState.Done done -> {
          return done.result();
        }
        case JobState.Failed failed -> throw failed(member, id, failed);
        case JobState.Lost lost when lost.attempt() >= attempts -> throw lost(member, id, lost);
        case JobState.Lost lost -> attempt = lost.attempt() + 1;
        case JobState.NotStarted _, JobState.Running _ -> {}
      }
      start(member, id, token, task, attempt);
    }
  }

  /// Asks a job to stop; returns what became of it, which is `Done` where it was faster.
  public JobState cancel(MemberId member, JobId id, Token token) {
    List<String> command = List.of("job", "cancel", id.value(), "--token", token.toString());
    insist(member, id, () -> tryCommand(member, command, _ -> {}) ? Optional.of(true) : none());
    return state(member, id);
  }

  /// Makes all jobs of a member give up that still run, whoever started them. Returns when none
  /// runs.
  public void quiet(MemberId member, Token token) {
    List<String> command = List.of("job", "quiet", "--token", token.toString());
    JobId all = new JobId("all");
    insist(member, all, () -> tryCommand(member, command, _ -> {}) ? Optional.of(true) : none());
  }

  private Optional<JobState> askState(MemberId member, JobId id) {
    List<JobState> answer = new ArrayList<>();
    boolean answered =
        tryCommand(
            member,
            List.of("job", "state", id.value(), "-o", "json"),
            line -> lines.decodeState(line).ifPresent(answer::add));
    return answered && !answer.isEmpty() ? Optional.of(answer.getLast()) : Optional.empty();
  }

  /// Runs a command once: true when it succeeded, false when nothing was learnt; what the agent
  /// refused is thrown.
  private boolean tryCommand(MemberId member, List<String> command, Consumer<String> onLine) {
    return switch (exec(member, command, onLine)) {
      case ExecOutcome.Exited e when e.code() == 0 -> true;
      case ExecOutcome.Exited e when e.code() > 128 -> false;
      case ExecOutcome.Exited e ->
          throw AgentFailure.of(member.toString(), e.code(), e.errors())
              .orElseGet(() -> noAgent(member, e));
      case ExecOutcome.Broken _ -> false;
    };
  }

  private ExecOutcome exec(MemberId member, List<String> command, Consumer<String> onLine) {
    try {
      return platform.exec(member, command, onLine);
    } catch (ChrysalisException e) {
      if (e.code().equals(PlatformErrors.UNREACHABLE)) {
        return new ExecOutcome.Broken(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private <T> T insist(MemberId member, JobId id, Attempt<T> attempt) {
    Silence silence = new Silence(member, id);
    while (true) {
      Optional<T> answer = attempt.make();
      if (answer.isPresent()) {
        return answer.get();
      }
      silence.goesOn();
    }
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  private static ChrysalisException noAgent(MemberId member, ExecOutcome.Exited exited) {
    return new ChrysalisException(
        PlatformErrors.EXEC_FAILED,
        "%s: the agent ended with %d: %s".formatted(member, exited.code(), exited.errors().strip()),
        "see that the agent is installed beside the member: chrysalis check");
  }

  private static ChrysalisException failed(MemberId member, JobId id, JobState.Failed failed) {
    return new ChrysalisException(
        PlatformErrors.JOB_FAILED,
        "job %s on %s failed with %s: %s".formatted(id, member, failed.code(), failed.message()),
        failed.hint().isEmpty() ? "see the job's output on the member" : failed.hint());
  }

  private static ChrysalisException lost(MemberId member, JobId id, JobState.Lost lost) {
    return new ChrysalisException(
        PlatformErrors.JOB_UNKNOWN,
        "job %s on %s: the process of attempt %d is gone and left no result"
            .formatted(id, member, lost.attempt()),
        "see what it did before it is started again; its output is in the agent's spool");
  }

  /// One try to learn something; empty when nothing was learnt.
  private interface Attempt<T> {
    Optional<T> make();
  }

  /// Counts how long the agent has been silent, and waits between tries.
  private final class Silence {
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final MemberId member;
    private final JobId id;
    private long since = patience.nanos();
    private long pause = FIRST_PAUSE_MILLIS;

    Silence(MemberId member, JobId id) {
      this.member = member;
      this.id = id;
    }

    void ended() {
      since = patience.nanos();
      pause = FIRST_PAUSE_MILLIS;
    }

    void goesOn() {
      Duration silent = Duration.ofNanos(patience.nanos() - since);
      if (silent.compareTo(patience.silence()) >= 0) {
        throw unknown("no word from the agent for " + silent.toSeconds() + " s");
      }
      patience.pause(Duration.ofMillis(pause));
      if (Thread.currentThread().isInterrupted()) {
        throw unknown("interrupted while waiting for the agent");
      }
      pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
    }

    private ChrysalisException unknown(String why) {
      return new ChrysalisException(
          PlatformErrors.JOB_UNKNOWN,
          "job %s on %s: %s".formatted(id, member, why),
          "the job may still run: resume when the member can be reached");
    }
  }

  /// Follows one job; knows which event comes next.
  private final class Follower {
    private final MemberId member;
    private final JobId id;
    private final Consumer<JobEvent> seen;
    private final Silence silence;
    private long next;
    private @Nullable JobState end;

    Follower(MemberId member, JobId id, long from, Consumer<JobEvent> seen) {
      this.member = member;
      this.id = id;
      this.next = from;
      this.seen = seen;
      this.silence = new Silence(member, id);
    }

    JobState follow() {
      silence.ended();
      boolean toldOfEnd = false;
      while (true) {
        List<String> command =
            List.of("job", "follow", id.value(), "--from", Long.toString(next), "-o", "json");
        exec(member, command, this::accept);
        if (end != null) {
          return end;
        }
        Optional<JobState> state = askState(member, id);
        if (state.isPresent()) {
          silence.ended();
          boolean ended = !(state.get() instanceof JobState.Running);
          // Its last events are worth one more try; its end itself is known.
          if (ended && (toldOfEnd || !hasEvents(state.get()))) {
            return state.get();
          }
          toldOfEnd = ended;
        }
        silence.goesOn();
      }
    }

    private boolean hasEvents(JobState state) {
      return state instanceof JobState.Done || state instanceof JobState.Failed;
    }

    private void accept(String text) {
      Optional<JobLine> line = lines.decode(text);
      if (line.isEmpty() || line.get().n() != next) {
        return;
      }
      next++;
      silence.ended();
      JobEvent event = line.get().event();
      seen.accept(event);
      switch (event) {
        case JobEvent.Done d -> end = new JobState.Done(d.result());
        case JobEvent.Failed f -> end = new JobState.Failed(f.code(), f.message(), f.hint());
        case JobEvent.Progress _, JobEvent.Note _ -> {}
      }
    }
  }
}
