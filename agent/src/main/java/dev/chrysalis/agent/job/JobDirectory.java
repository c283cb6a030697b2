package dev.chrysalis.agent.job;

import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.job.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One job on disk. `spec.json` says what to do and exists from the job's first start;
/// `process.json` says which attempt was taken on by which process, and is written by that process
/// while it holds `lock`, which it keeps until it ends; `events.jsonl` is what the job said.
record JobDirectory(JobId id, Path path) {
  private static final JobEvent.Progress NOTHING_YET = new JobEvent.Progress("starting", 0, 0);

  Path specFile() {
    return path.resolve("spec.json");
  }

  Path processFile() {
    return path.resolve("process.json");
  }

  Path lockFile() {
    return path.resolve("lock");
  }

  Path eventsFile() {
    return path.resolve("events.jsonl");
  }

  /// What the job's process printed past its events: where to look when it crashed.
  Path outputFile() {
    return path.resolve("output.log");
  }

  /// Exists once somebody wants the job to stop.
  Path cancelFile() {
    return path.resolve("cancel");
  }

  Optional<JobSpec> spec() throws IOException {
    Optional<String> text = PrivateFiles.read(specFile());
    return text.isPresent() ? Optional.of(JobSpec.fromJson(text.get())) : Optional.empty();
  }

  Optional<JobProcess> process() throws IOException {
    Optional<String> text = PrivateFiles.read(processFile());
    return text.isPresent() ? Optional.of(JobProcess.fromJson(text.get())) : Optional.empty();
  }

  /// Whether the process that took the job on is still there. Not to be asked by that process.
  boolean alive() throws IOException {
    return LockFile.held(lockFile());
  }

  /// What became of the job. A job whose process died before it took an attempt on counts as not
  /// started, since it did nothing.
  JobState state() throws IOException {
    if (!Files.exists(specFile())) {
      return new JobState.NotStarted();
    }
    boolean alive = alive();
    // Read after the look at the lock: a process writes its end before it lets the lock go.
    EventTail tail = EventTail.of(eventsFile());
    Optional<JobState> ended = ended(tail);
    if (ended.isPresent()) {
      return ended.get();
    }
    Optional<JobProcess> process = process();
    if (process.isEmpty()) {
      return new JobState.NotStarted();
    }
    int attempt = process.get().attempt();
    return alive
        ? new JobState.Running(attempt, tail.progress().orElse(NOTHING_YET))
        : new JobState.Lost(attempt);
  }

  private static Optional<JobState> ended(EventTail tail) {
    return tail.last().flatMap(line -> ended(line.event()));
  }

  private static Optional<JobState> ended(JobEvent event) {
    return switch (event) {
      case JobEvent.Done d -> Optional.of(new JobState.Done(d.result()));
      case JobEvent.Failed f -> Optional.of(new JobState.Failed(f.code(), f.message(), f.hint()));
      case JobEvent.Progress _, JobEvent.Note _ -> Optional.empty();
    };
  }
}
