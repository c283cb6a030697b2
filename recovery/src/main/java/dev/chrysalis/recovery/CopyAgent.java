package dev.chrysalis.recovery;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.model.stack.ProofQuery;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.VaultErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The agent beside a copy: what it is told to do, and how that ended. What was started goes on by
/// itself, and is not started again while it runs.
record CopyAgent(MemberId member, Jobs jobs) {
  /// What an agent fails with where the vault does not hold what a restore needs; all else that it
  /// fails with says nothing about the restore point.
  private static final Set<String> DAMAGE =
      Stream.of(
              VaultErrors.OBJECT_MISSING,
              VaultErrors.SNAPSHOT_INCOMPLETE,
              VaultErrors.OBJECT_DAMAGED,
              VaultErrors.LOG_GAP,
              PostgresErrors.NO_RESTORE_POINT,
              PostgresErrors.PAGE_DAMAGED,
              PostgresErrors.WAL_MISSING,
              PostgresErrors.WAL_DAMAGED)
          .map(ErrorCode::toString)
          .collect(Collectors.toUnmodifiableSet());

  void startRestore(Token token, CopyOrigin origin) {
    List<String> task = new ArrayList<>(List.of("postgres", "restore"));
    task.addAll(origin.options());
    // What only a primary does is off in a copy, whatever the original's configuration says.
    task.addAll(List.of("--set", "archive_mode=off", "--name", job("restore").value()));
    start(token, job("restore"), task);
  }

  /// Feeds its server with what it asks for, as long as it runs.
  void startFeed(Token token, CopyOrigin origin) {
    List<String> task = new ArrayList<>(List.of("postgres", "feed"));
    task.addAll(origin.options());
    start(token, job("feed"), task);
  }

  void startExamination(Token token, List<ProofQuery> queries) {
    List<String> task = new ArrayList<>(List.of("postgres", "examine"));
    queries.forEach(q -> task.addAll(List.of("--query", q.name(), q.database(), q.sql())));
    start(token, job("examine"), task);
  }

  /// `DOES_NOT_RESTORE` where the vault does not hold what the restore needs; `JOB_FAILED` for
  /// other trouble.
  void awaitRestored(Consumer<JobEvent> seen) {
    Map<String, String> _ =
        requireDone("the restore", jobs.follow(member, job("restore"), 0, seen));
  }

  /// What was found, or errors as above.
  Map<String, String> awaitExamined(Consumer<JobEvent> seen) {
    return requireDone("the examination", jobs.follow(member, job("examine"), 0, seen));
  }

  private String name() {
    return member.workload();
  }

  private JobId job(String work) {
    return new JobId(work + "-" + name());
  }

  private void start(Token token, JobId job, List<String> task) {
    int attempt = jobs.state(member, job) instanceof JobState.Lost lost ? lost.attempt() + 1 : 1;
    jobs.start(member, job, token, task, attempt);
  }

  private Map<String, String> requireDone(String what, JobState end) {
    return switch (end) {
      case JobState.Done done -> done.result();
      case JobState.Failed f ->
          throw new ChrysalisException(
              DAMAGE.contains(f.code())
                  ? RecoveryErrors.DOES_NOT_RESTORE
                  : PlatformErrors.JOB_FAILED,
              "%s of %s failed with %s: %s".formatted(what, name(), f.code(), f.message()),
              f.hint() + "; then drop it and begin again: chrysalis restore --drop " + name());
      case JobState.Lost _, JobState.Running _, JobState.NotStarted _ ->
          throw new ChrysalisException(
              PlatformErrors.JOB_UNKNOWN,
              "%s of %s was cut off".formatted(what, name()),
              "give the same command again: it goes on");
    };
  }
}
