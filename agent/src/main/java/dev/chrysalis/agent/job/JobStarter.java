package dev.chrysalis.agent.job;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Task;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.job.JobState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Starts jobs.
///
/// 1. One start at a time: `start.lock`.
/// 2. The token is compared with the highest seen, and kept.
/// 3. Where the job is there: the same task, or refused.
/// 4. Where this attempt, or an earlier one that was not lost, was taken on: nothing to do.
/// 5. The volume is free, if the task changes it; the specification is written; a process is
///    started and takes the attempt on.
/// 6. Jobs that ended long ago are removed.
///
/// Holds: whatever crashes in between, each attempt is taken on by at most one process, since it is
/// taken on under the job's lock and only when no process took it on before; and a start that is
/// repeated goes on where the one before it ended.
final class JobStarter {
  private final AgentEnvironment environment;
  private final Spool spool;
  private final TaskParser parser;
  private final JobLauncher launcher;

  JobStarter(AgentEnvironment environment, Spool spool, TaskParser parser) {
    this.environment = environment;
    this.spool = spool;
    this.parser = parser;
    this.launcher = new JobLauncher(environment, spool);
  }

  void start(JobId id, Token token, int attempt, List<String> words) {
    Task task = parser.parse(words);
    JobDirectory job = spool.job(id);
    try (LockFile _ = spool.starting()) {
      spool.admit(token);
      requireSameTask(job, words);
      if (!isWanted(job.state(), attempt)) {
        return;
      }
      if (task.changesVolume()) {
        spool.requireFreeVolume();
      }
      if (job.spec().isEmpty()) {
        PrivateFiles.createDirectory(job.path());
        JobSpec spec = new JobSpec(words, token, environment.clock().instant());
        PrivateFiles.replace(job.specFile(), spec.toJson());
      }
      launcher.launch(job, attempt);
      prune();
    } catch (IOException e) {
      throw PrivateFiles.failed("start the job in", job.path(), e);
    }
  }

  /// The job runs by now: that old ones cannot be removed does not fail its start.
  private void prune() {
    try {
      new EndedJobs(spool).prune(environment.clock().instant());
    } catch (IOException e) {
      environment.err().println("note: old jobs stay in " + spool.root() + ": " + e);
    }
  }

  private static boolean isWanted(JobState state, int attempt) {
    return switch (state) {
      case JobState.NotStarted _ -> true;
      case JobState.Lost lost -> attempt > lost.attempt();
      case JobState.Running _, JobState.Done _, JobState.Failed _ -> false;
    };
  }

  private static void requireSameTask(JobDirectory job, List<String> words) throws IOException {
    Optional<JobSpec> spec = job.spec();
    if (spec.isPresent() && !spec.get().task().equals(words)) {
      throw new ChrysalisException(
          AgentErrors.JOB_DIFFERS,
          "job %s is there with another task: %s"
              .formatted(job.id(), String.join(" ", spec.get().task())),
          "give the new task another name");
    }
  }
}
