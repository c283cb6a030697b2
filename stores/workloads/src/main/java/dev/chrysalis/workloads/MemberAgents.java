package dev.chrysalis.workloads;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Reconciled;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.platform.job.Jobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The agents beside a datastore's members, as the controller speaks to them: one-off questions by
/// exec, work as jobs that are named after the run and step, so that a controller which goes on
/// with a run finds the jobs that its predecessor started.
public final class MemberAgents {
  /// How often convergent work is started whose process gets lost.
  public static final int ATTEMPTS = 3;

  private final Platform platform;
  private final Jobs jobs;
  private final String kind;
  private final ObjectMapper json = new ObjectMapper();

  /// @param kind the group of the agent's commands: `postgres`
  public MemberAgents(Platform platform, Jobs jobs, String kind) {
    this.platform = platform;
    this.jobs = jobs;
    this.kind = kind;
  }

  /// The state of a member's server and volume, by the agent's command `status`; `agent.error` says
  /// why there is none.
  public Map<String, String> status(MemberId member) {
    List<String> lines = new ArrayList<>();
    try {
      ExecOutcome outcome =
          platform.exec(member, List.of(kind, "status", "-o", "json"), lines::add);
      if (outcome instanceof ExecOutcome.Exited(int code, String _) && code == 0) {
        return lines.isEmpty() ? Map.of() : parse(lines.getLast());
      }
      return Map.of("agent.error", outcome.toString().strip());
    } catch (ChrysalisException e) {
      if (e.code().equals(PlatformErrors.UNREACHABLE)) {
        throw e;
      }
      return Map.of("agent.error", e.code() + ": " + e.getMessage());
    }
  }

  /// Runs a job of this step to its end and returns its result. Convergent work that gets lost is
  /// started again; work that may be done only once is not.
  public Map<String, String> run(
      StepContext context, MemberId member, boolean again, List<String> task) {
    return jobs.run(
        member,
        job(context, member, ""),
        context.token(),
        task,
        again ? ATTEMPTS : 1,
        event -> tell(context, event));
  }

  /// What became of this step's job.
  public JobState state(StepContext context, MemberId member) {
    return jobs.state(member, job(context, member, ""));
  }

  /// Starts work that goes on beside the member, or starts it again where its process was lost.
  public void startBeside(StepContext context, MemberId member, String name, List<String> task) {
    JobId id = job(context, member, "-" + name);
    int attempt = jobs.state(member, id) instanceof JobState.Lost lost ? lost.attempt() + 1 : 1;
    jobs.start(member, id, context.token(), task, attempt);
  }

  /// That such work is lost, or `otherwise` where it is not: what a probe says that waits for it.
  public Probe unlessLost(
      StepContext context, MemberId member, String name, Probe.Waiting otherwise) {
    return switch (jobs.state(member, job(context, member, "-" + name))) {
      case JobState.Lost _ -> new Probe.Stalled("the " + name + " beside " + member);
      case JobState.Failed failed ->
          new Probe.Waiting(
              "%s; the %s beside it failed with %s: %s"
                  .formatted(otherwise.waitingFor(), name, failed.code(), failed.message()));
      case JobState.NotStarted _, JobState.Running _, JobState.Done _ -> otherwise;
    };
  }

  /// Ends all work beside the member, whoever started it.
  public void quiet(StepContext context, MemberId member) {
    jobs.quiet(member, context.token());
  }

  /// Whether this step is being taken back by a job that runs already.
  public boolean takesBack(StepContext context, MemberId member) {
    return jobs.state(member, undo(context, member)) instanceof JobState.Running;
  }

  /// Runs a job that takes this step back to its end; one that failed before is followed by
  /// another.
  public void takeBack(StepContext context, MemberId member, List<String> task) {
    Map<String, String> _ =
        jobs.run(
            member,
            undo(context, member),
            context.token(),
            task,
            ATTEMPTS,
            event -> tell(context, event));
  }

  private JobId undo(StepContext context, MemberId member) {
    int number = 1;
    while (true) {
      JobId id = jobId(context, context.attempt(), "-undo" + number);
      if (!(jobs.state(member, id) instanceof JobState.Failed)) {
        return id;
      }
      number++;
    }
  }

  /// Ends such work.
  public void stopBeside(StepContext context, MemberId member, String name) {
    JobId id = job(context, member, "-" + name);
    if (jobs.state(member, id) instanceof JobState.Running) {
      JobState _ = jobs.cancel(member, id, context.token());
    }
  }

  /// Whether an act that is a job of its own had happened, by a look at the goal and by the jobs of
  /// all attempts since it was last taken back. A job that still runs is followed to its end first.
  /// Where the process of any was lost, a later attempt whose job was never started proves nothing.
  public Reconciled reconcile(StepContext context, MemberId member, Supplier<Probe> look) {
    List<JobState> ends = new ArrayList<>();
    for (int attempt = context.lastUndoneAttempt() + 1; attempt <= context.attempt(); attempt++) {
      ends.add(jobs.follow(member, jobId(context, attempt, ""), 0, _ -> {}));
    }
    if (look.get() instanceof Probe.Reached reached) {
      return new Reconciled.Happened(reached.evidence());
    }
    for (JobState end : ends) {
      switch (end) {
        case JobState.Done done -> {
          return new Reconciled.Happened(done.result());
        }
        case JobState.Lost _ -> {
          return new Reconciled.Unknown("its job was lost, the server does not show it");
        }
        case JobState.Running _ -> {
          return new Reconciled.Unknown("its job goes on");
        }
        case JobState.NotStarted _, JobState.Failed _ -> {}
      }
    }
    return new Reconciled.DidNotHappen("no job of it was started, or it failed");
  }

  private static void tell(StepContext context, JobEvent event) {
    switch (event) {
      case JobEvent.Progress p -> context.progress(p.stage(), p.done(), p.total());
      case JobEvent.Note n -> context.note(n.text());
      case JobEvent.Done _, JobEvent.Failed _ -> {}
    }
  }

  /// The job of this attempt at the step; or of an earlier one that reached its goal or still runs,
  /// unless its work was taken back since.
  private JobId job(StepContext context, MemberId member, String suffix) {
    for (int attempt = context.attempt() - 1; attempt > context.lastUndoneAttempt(); attempt--) {
      JobId before = jobId(context, attempt, suffix);
      switch (jobs.state(member, before)) {
        case JobState.Running _, JobState.Done _ -> {
          return before;
        }
        case JobState.NotStarted _, JobState.Failed _, JobState.Lost _ -> {}
      }
    }
    return jobId(context, context.attempt(), suffix);
  }

  private static JobId jobId(StepContext context, int attempt, String suffix) {
    String again = attempt == 1 ? "" : "-again" + attempt;
    return new JobId(context.run() + "-" + context.step().id() + suffix + again);
  }

  private Map<String, String> parse(String line) {
    try {
      return json.readValue(line, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      return Map.of("agent.error", "no JSON: " + line);
    }
  }
}
