package dev.chrysalis.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LiveViewTest {
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
  private static final Step STEP =
      Step.named("fence")
          .title("Fence it")
          .action("test.fence")
          .expected(Duration.ofSeconds(3))
          .deadline(Duration.ofMinutes(1))
          .build();
  private static final Plan PLAN =
      new Plan("primary-lost", "butterfly", "Do it.", "none", Duration.ofHours(1), List.of(STEP));

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final LetTicker ticker = new LetTicker();
  private final LiveView view =
      new LiveView(
          new PrintStream(screen, true, StandardCharsets.UTF_8),
          new Style(false, true),
          () -> 24,
          InstantSource.fixed(START.plusSeconds(9)),
          ticker);
  private final List<JournalRecord> journal = new ArrayList<>();

  @Test
  void drawsOverItselfUntilTheRunEndsAndLeavesTheLastPicture() {
    tell(new JournalEntry.RunStarted(PLAN, Holder.thisProcess("test")));
    ticker.awaitPictures(3);
    tell(new JournalEntry.StepChosen("fence", Map.of()));
    tell(new JournalEntry.StepDone("fence", Map.of(), true));
    tell(new JournalEntry.RunEnded(JournalEntry.Ending.SUCCEEDED, "every step is done"));
    String all = text();

    assertThat(all).contains("\u001b[2A\r\u001b[J");
    assertThat(all.substring(all.lastIndexOf("\u001b[J")))
        .contains("butterfly: succeeded", "✓ Fence it")
        .endsWith("\r\n\u001b[?7h");
    ticker.letGo();
    assertThat(text()).isEqualTo(all);
  }

  @Test
  void leavesTheScreenToAPersonWhoIsAsked() {
    tell(new JournalEntry.RunStarted(PLAN, Holder.thisProcess("test")));
    ticker.awaitPictures(1);

    boolean answer =
        view.whileAsking(() -> {
          String before = text();
          ticker.awaitPictures(3);
          return text().equals(before);
        });

    assertThat(answer).as("nothing was drawn meanwhile").isTrue();
    String asked = text();
    ticker.awaitPictures(1);
    assertThat(text().substring(asked.length())).startsWith("\u001b[?7l\u001b[J");
    tell(new JournalEntry.RunEnded(JournalEntry.Ending.FAILED, "it broke"));
  }

  private void tell(JournalEntry entry) {
    JournalRecord written = new JournalRecord(START, 1, "n" + journal.size(), entry);
    journal.add(written);
    view.journaled(written, RunState.of(journal));
  }

  private String text() {
    return screen.toString(StandardCharsets.UTF_8);
  }

  /// Time that passes when the test lets it; each pause follows on a picture.
  private static final class LetTicker implements Ticker {
    private final AtomicLong pauses = new AtomicLong();
    private final Semaphore over = new Semaphore(0);

    @Override
    public long nanos() {
      return pauses.get();
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      pauses.incrementAndGet();
      over.acquire();
    }

    void awaitPictures(int more) {
      long until = pauses.get() + more;
      over.release(more);
      Awaitility.await().until(() -> pauses.get() >= until);
    }

    /// Lets all time pass: nobody is left who waits for it.
    void letGo() {
      over.release(1000);
      Awaitility.await().until(() -> !over.hasQueuedThreads());
    }
  }
}
