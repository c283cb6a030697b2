package dev.chrysalis.agent.job;

import dev.chrysalis.platform.job.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Removes jobs that ended long ago, so that a spool does not grow for ever.
///
/// 1. The newest jobs stay, whatever they are.
/// 2. Of the others those go that ended (or were lost) before a week ago.
/// 3. Such a job's directory is moved aside first, at once, and then removed file by file.
///
/// Holds: a job that may still run, or was never taken on, is not touched; a crash in between
/// leaves a job whole, or moved aside, where the next prune finds it. To be called by who is
/// `starting`.
final class EndedJobs {
  private static final int KEPT = 50;
  private static final Duration AGE = Duration.ofDays(7);

  private final Spool spool;

  EndedJobs(Spool spool) {
    this.spool = spool;
  }

  void prune(Instant now) throws IOException {
    Path aside = spool.root().resolve("removed");
    if (Files.exists(aside)) {
      delete(aside);
    }
    List<Dated> jobs = new ArrayList<>();
    for (JobDirectory job : spool.jobs()) {
      jobs.add(new Dated(job, lastChange(job)));
    }
    List<Dated> old =
        jobs.stream()
            .sorted(Comparator.comparing(Dated::at).reversed())
            .skip(KEPT)
            .filter(j -> j.at().isBefore(now.minus(AGE)))
            .toList();
    for (Dated each : old) {
      if (hasEnded(each.job().state())) {
        PrivateFiles.createDirectory(aside);
        Path gone = aside.resolve(each.job().id().value());
        Files.move(each.job().path(), gone, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    if (Files.exists(aside)) {
      delete(aside);
    }
  }

  private record Dated(JobDirectory job, Instant at) {}

  private static Instant lastChange(JobDirectory job) throws IOException {
    Instant newest = Instant.MIN;
    for (Path file : List.of(job.specFile(), job.processFile(), job.eventsFile())) {
      // Not every job came so far as to have all three.
      if (Files.exists(file)) {
        Instant at = Files.getLastModifiedTime(file).toInstant();
        newest = at.isAfter(newest) ? at : newest;
      }
    }
    return newest;
  }

  private static boolean hasEnded(JobState state) {
    return switch (state) {
      case JobState.Done _, JobState.Failed _, JobState.Lost _ -> true;
      case JobState.NotStarted _, JobState.Running _ -> false;
    };
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
