package dev.chrysalis.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobJournalTest {
  @TempDir private Path directory;

  @Test
  void whereverACrashCutsTheFileTheNextAttemptGoesOnAfterTheLastCompleteLine() throws IOException {
    Path whole = directory.resolve("whole.jsonl");
    write(whole, new JobEvent.Note("one"), new JobEvent.Progress("two", 1, 2));
    byte[] bytes = Files.readAllBytes(whole);
    for (int cut = 0; cut <= bytes.length; cut++) {
      Path file = directory.resolve("cut.jsonl");
      Files.write(file, Arrays.copyOf(bytes, cut));
      int complete = EventTail.of(file).lines().size();

      write(file, new JobEvent.Note("again"));

      assertThat(EventTail.of(file).lines())
          .extracting(JobLine::n)
          .hasSize(complete + 1)
          .isSorted();
      assertThat(EventTail.of(file).last()).map(JobLine::n).contains((long) complete);
      assertThat(EventTail.of(file).completeBytes()).isEqualTo(Files.size(file));
    }
  }

  @Test
  void theFirstEndIsTheEnd() throws IOException {
    Path file = directory.resolve("events.jsonl");

    write(file, new JobEvent.Done(Map.of()), new JobEvent.Failed("CHR-6007", "late", "none"));

    assertThat(EventTail.of(file).lines()).hasSize(1);
  }

  @Test
  void aThreadThatWasInterruptedCanStillWriteTheEnd() throws IOException {
    Path file = directory.resolve("events.jsonl");
    JobJournal journal = JobJournal.open(file, InstantSource.system());
    Thread.currentThread().interrupt();

    journal.append(new JobEvent.Progress("one", 1, 2));
    journal.append(new JobEvent.Failed("CHR-6007", "cancelled", "none"));

    assertThat(Thread.interrupted()).isTrue();
    journal.close();
    assertThat(EventTail.of(file).lines()).hasSize(2);
  }

  @Test
  void theLastEventsOfALongFileAreReadWithoutTheRest() throws IOException {
    Path file = directory.resolve("events.jsonl");
    try (JobJournal journal = JobJournal.open(file, InstantSource.system())) {
      for (int i = 0; i < 5_000; i++) {
        journal.append(new JobEvent.Progress("a stage with a rather long name", i, 5_000));
      }
    }

    assertThat(EventTail.of(file).last()).map(JobLine::n).contains(4_999L);
    assertThat(EventTail.of(file).lines()).hasSizeLessThan(5_000);
    assertThat(EventTail.of(file).completeBytes()).isEqualTo(Files.size(file));
  }

  private static void write(Path file, JobEvent... events) {
    try (JobJournal journal = JobJournal.open(file, InstantSource.system())) {
      for (JobEvent event : events) {
        journal.append(event);
      }
    }
  }
}
