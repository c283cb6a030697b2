package dev.chrysalis.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.job.JobLine;
import dev.chrysalis.platform.job.JobLines;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EndedJobsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T02:15:30Z");

  @TempDir private Path directory;
  private Spool spool;

  @BeforeEach
  void setUp() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    spool =
        Spool.of(
            new AgentEnvironment(
                Map.of("CHRYSALIS_SPOOL", directory.resolve("spool").toString()),
                nowhere,
                nowhere,
                InstantSource.fixed(NOW),
                "none"));
  }

  @Test
  void ofOldJobsOnlyTheNewestFiftyStay() throws IOException {
    for (int i = 0; i < 60; i++) {
      done("job-" + i, Duration.ofDays(8).plusHours(i));
    }

    new EndedJobs(spool).prune(NOW);

    assertThat(spool.jobs()).hasSize(50).noneMatch(j -> j.id().value().equals("job-59"));
    assertThat(directory.resolve("spool/removed")).doesNotExist();
  }

  @Test
  void aJobOfTheLastWeekStaysAndOneThatWasNeverTakenOnToo() throws IOException {
    for (int i = 0; i < 55; i++) {
      done("job-" + i, Duration.ofDays(6));
    }
    waiting("waiting", Duration.ofDays(20));

    new EndedJobs(spool).prune(NOW);

    assertThat(spool.jobs()).hasSize(56);
  }

  @Test
  void whatABrokenOffPruneMovedAsideGoesWithTheNext() throws IOException {
    Path left = directory.resolve("spool/removed/job-1");
    Files.createDirectories(left);
    Files.writeString(left.resolve("spec.json"), "{}");

    new EndedJobs(spool).prune(NOW);

    assertThat(directory.resolve("spool/removed")).doesNotExist();
  }

  private void done(String id, Duration ago) throws IOException {
    JobDirectory job = waiting(id, ago);
    JobLine line = new JobLine(0, NOW.minus(ago), new JobEvent.Done(Map.of()));
    Files.writeString(job.eventsFile(), new JobLines().encode(line) + "\n");
    touch(job.eventsFile(), ago);
  }

  private JobDirectory waiting(String id, Duration ago) throws IOException {
    JobDirectory job = spool.job(new JobId(id));
    Files.createDirectories(job.path());
    JobSpec spec = new JobSpec(List.of("fail"), new Token(1), NOW.minus(ago));
    PrivateFiles.replace(job.specFile(), spec.toJson());
    touch(job.specFile(), ago);
    return job;
  }

  private static void touch(Path file, Duration ago) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(NOW.minus(ago)));
  }
}
