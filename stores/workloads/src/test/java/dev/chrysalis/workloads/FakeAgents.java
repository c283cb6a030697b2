package dev.chrysalis.workloads;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobLine;
import dev.chrysalis.platform.job.JobLines;
import dev.chrysalis.platform.job.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// The agents beside all members: they answer as the real ones do, keep jobs, and refuse stale
/// tokens. Everything is guarded by the platform's monitor.
public final class FakeAgents {
  /// What the agents' own stores know and do.
  public interface Near {
    /// The first word of the store's commands: `postgres`.
    String store();

    Map<String, String> status(MemberId member);

    /// A job's next phase; what it says, if anything.
    Optional<JobEvent> step(MemberId member, FakeJob job);

    void violated(String rule);
  }

  private static final ErrorCode JOB_DIFFERS = new ErrorCode(6103, Category.REFUSED);

  private final FakePlatform platform;
  private final Near near;
  private final JobLines lines = new JobLines();
  private final Map<MemberId, Map<String, FakeJob>> jobs = new TreeMap<>();
  private final Map<MemberId, Long> highest = new TreeMap<>();
  private BiPredicate<List<String>, Integer> diesAt = (task, phase) -> false;
  private BiPredicate<List<String>, Integer> breaksAt = (arguments, exec) -> false;
  private int execs;

  public FakeAgents(FakePlatform platform, Near near) {
    this.platform = platform;
    this.near = near;
  }

  /// The first attempt of a task loses its process in this phase.
  public void dyingAt(BiPredicate<List<String>, Integer> taskAndPhase) {
    diesAt = taskAndPhase;
  }

  /// The connection breaks after this exec, counted from 1, had its effect and before it answered.
  public void breakingAt(BiPredicate<List<String>, Integer> argumentsAndExec) {
    breaksAt = argumentsAndExec;
  }

  /// The jobs that were started on a member.
  public List<FakeJob> jobs(MemberId member) {
    synchronized (platform) {
      return List.copyOf(of(member).values());
    }
  }

  public ExecOutcome run(MemberId member, List<String> arguments, Consumer<String> onLine) {
    List<String> said = new ArrayList<>();
    ExecOutcome outcome;
    synchronized (platform) {
      execs++;
      of(member).values().forEach(job -> goOn(member, job));
      outcome = answer(member, arguments, said);
      if (breaksAt.test(arguments, execs)) {
        return new ExecOutcome.Broken("connection reset");
      }
    }
    said.forEach(onLine);
    return outcome;
  }

  private ExecOutcome answer(MemberId member, List<String> arguments, List<String> said) {
    if (arguments.subList(0, 2).equals(List.of(near.store(), "status"))) {
      said.add(json(near.status(member)));
      return new ExecOutcome.Exited(0, "");
    }
    return switch (arguments.get(0) + " " + arguments.get(1)) {
      case "job state" -> {
        said.add(lines.encode(state(member, arguments.get(2))));
        yield new ExecOutcome.Exited(0, "");
      }
      case "job follow" ->
          follow(member, arguments.get(2), Integer.parseInt(option(arguments, "--from")), said);
      case "job start" -> ordered(member, arguments, () -> start(member, arguments));
      case "job cancel" ->
          ordered(member, arguments, () -> cancel(member, of(member).get(arguments.get(2))));
      case "job quiet" ->
          ordered(
              member,
              arguments,
              () -> {
                of(member).values().forEach(job -> cancel(member, job));
                return new ExecOutcome.Exited(0, "");
              });
      default -> new ExecOutcome.Exited(2, "error CHR-6001: no such command " + arguments);
    };
  }

  private ExecOutcome ordered(
      MemberId member, List<String> arguments, java.util.function.Supplier<ExecOutcome> act) {
    long token = Long.parseLong(option(arguments, "--token"));
    if (token < highest.getOrDefault(member, 0L)) {
      return refusal(PlatformErrors.STALE_TOKEN, "token " + token + " is stale");
    }
    highest.put(member, token);
    return act.get();
  }

  private ExecOutcome start(MemberId member, List<String> arguments) {
    String id = arguments.get(2);
    int attempt = Integer.parseInt(option(arguments, "--attempt"));
    List<String> task = arguments.subList(arguments.indexOf("--") + 1, arguments.size());
    FakeJob there = of(member).get(id);
    if (there == null) {
      of(member).put(id, new FakeJob(id, attempt, task));
    } else if (!there.task.equals(task)) {
      near.violated("job %s was %s, now %s".formatted(id, there.task, task));
      return refusal(JOB_DIFFERS, "job " + id + " is there with another task");
    } else if (there.lost && attempt > there.attempt) {
      there.again(attempt);
    }
    return new ExecOutcome.Exited(0, "");
  }

  private ExecOutcome cancel(MemberId member, FakeJob job) {
    if (job != null && job.runs()) {
      job.says(new JobEvent.Failed("CHR-6105", "cancelled", "start it again"));
      platform.lockVolume(member, false);
    }
    return new ExecOutcome.Exited(0, "");
  }

  private ExecOutcome follow(MemberId member, String id, int from, List<String> said) {
    FakeJob job = of(member).get(id);
    if (job == null) {
      return new ExecOutcome.Exited(0, "");
    }
    for (int n = from; n < job.events.size(); n++) {
      said.add(lines.encode(new JobLine(n, Instant.EPOCH, job.events.get(n))));
    }
    return job.runs() ? new ExecOutcome.Broken("cut off") : new ExecOutcome.Exited(0, "");
  }

  private void goOn(MemberId member, FakeJob job) {
    if (!job.runs()) {
      return;
    }
    if (job.attempt == 1 && diesAt.test(job.task, job.phase)) {
      job.lost = true;
      platform.lockVolume(member, false);
      return;
    }
    near.step(member, job).ifPresent(job::says);
    job.phase++;
  }

  private JobState state(MemberId member, String id) {
    FakeJob job = of(member).get(id);
    return job == null ? new JobState.NotStarted() : job.state();
  }

  private Map<String, FakeJob> of(MemberId member) {
    return jobs.computeIfAbsent(member, m -> new LinkedHashMap<>());
  }

  private static String option(List<String> arguments, String name) {
    return arguments.get(arguments.indexOf(name) + 1);
  }

  private static ExecOutcome refusal(ErrorCode code, String message) {
    return new ExecOutcome.Exited(
        code.category().exitCode(), "error " + code + ": " + message + "\nhint: this is a fake\n");
  }

  private static String json(Map<String, String> status) {
    List<String> fields = new ArrayList<>();
    status.forEach((key, value) -> fields.add("\"%s\":\"%s\"".formatted(key, value)));
    return "{" + String.join(",", fields) + "}";
  }
}
