package dev.chrysalis.recovery.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeState;
import dev.chrysalis.model.stack.NoticeTemplate;
import dev.chrysalis.recovery.RecordedRun;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunNoticesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Set<NoticeState> ALL = EnumSet.allOf(NoticeState.class);
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-25T04:00:00Z"), ZoneOffset.UTC);

  private final Receiver receiver = new Receiver();
  private final Receiver other = new Receiver();
  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final List<Duration> paused = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    receiver.close();
    other.close();
  }

  @Test
  void tellsEachChangeOfARunsStateOnce() {
    RecordedRun run = RecordedRun.resumedAndRecovered();
    run.keep(records);

    assertThat(drive(run, 0, run.records().size(), channel("bus", receiver, ALL)).lost()).isEmpty();

    assertThat(states(receiver))
        .containsExactly(
            "started", "given-back", "failed", "resumed", "waiting", "resumed", "recovered");
    assertThat(receiver.got().get(1).body())
        .contains("What was set aside is back: Set the data of postgres-0 aside.");
    assertThat(receiver.got().get(4).body())
        .contains("chrysalis approve " + RecordedRun.RUN + " promote");
    assertThat(receiver.got().getLast().body())
        .contains("\"loss\":\"2 commits, 812 to 813\"", "\"elapsed\":\"20 min 51 s\"");
  }

  @Test
  void tellsOnlyTheStatesThatAreAskedFor() {
    RecordedRun run = RecordedRun.resumedAndRecovered();
    run.keep(records);

    drive(
        run,
        0,
        run.records().size(),
        channel("bus", receiver, EnumSet.of(NoticeState.FAILED)),
        channel("all", other, EnumSet.of(NoticeState.STARTED, NoticeState.RECOVERED)));

    assertThat(states(receiver)).containsExactly("failed");
    assertThat(states(other)).containsExactly("started", "recovered");
  }

  @Test
  void triesAgainAndWaitsAsLongAsItIsAsked() {
    receiver.thenAnswers(500);
    receiver.thenAnswers(500);
    receiver.thenAnswers(429, "17");
    receiver.thenAnswers(503, "3600");

    RunNotices.Remainder left = drive(RecordedRun.started(), 0, 1, channel("bus", receiver, ALL));

    assertThat(left.lost()).isEmpty();
    assertThat(states(receiver)).hasSize(5).containsOnly("started");
    assertThat(paused).extracting(Duration::toSeconds).containsExactly(1L, 2L, 17L, 30L);
    assertThat(delivery("bus").attempts())
        .extracting(Delivery.Attempt::result)
        .containsExactly(
            "answered 500", "answered 500", "answered 429", "answered 503", "answered 200");
  }

  @Test
  void givesUpAfterAWhileAndSaysSo() {
    for (int i = 0; i < 6; i++) {
      receiver.thenAnswers(500);
    }

    RunNotices.Remainder left = drive(RecordedRun.started(), 0, 1, channel("bus", receiver, ALL));

    assertThat(left.lost())
        .singleElement()
        .satisfies(d -> {
          assertThat(d.channel()).isEqualTo("bus");
          assertThat(d.attempts()).hasSize(6);
          assertThat(d.result()).isEqualTo("answered 500");
        });
    assertThat(delivery("bus").delivered()).isFalse();
  }

  @Test
  void aChannelThatHangsHoldsUpNeitherTheOthersNorTheEnd() {
    RecordedRun run = RecordedRun.failedAndGivenBack();
    run.keep(records);
    receiver.thenHangs();

    RunNotices notices =
        notices(
            records,
            Duration.ofMinutes(5),
            channel("slow", receiver, ALL),
            channel("fast", other, ALL));
    notices.entered(RecordedRun.RUN);
    tell(notices, run, 0, run.records().size());
    await().atMost(LONG).until(() -> deliveries().of(RecordedRun.RUN).size() == 3);
    RunNotices.Remainder left = notices.finish(Duration.ofMillis(100));

    assertThat(states(other)).containsExactly("started", "given-back", "failed");
    assertThat(left.lost()).extracting(Delivery::channel).containsOnly("slow").hasSize(3);
    assertThat(left.lost()).extracting(Delivery::result).containsOnly("not tried");
    assertThat(deliveries().of(RecordedRun.RUN)).hasSize(6);
  }

  @Test
  void whoResumesARunTellsNothingTwice() {
    RecordedRun run = RecordedRun.resumedAndRecovered();
    int failed = RecordedRun.failedAndGivenBack().records().size();
    run.keep(records);

    drive(run, 0, failed, channel("bus", receiver, ALL));
    drive(run, failed, run.records().size(), channel("bus", receiver, ALL));

    assertThat(states(receiver))
        .containsExactly(
            "started", "given-back", "failed", "resumed", "waiting", "resumed", "recovered");
    assertThat(ids()).doesNotHaveDuplicates();
  }

  @Test
  void afterAKillBetweenTellingAndKeepingOneNoticeIsRepeatedUnderItsId() {
    RecordedRun run = RecordedRun.resumedAndRecovered();
    int failed = RecordedRun.failedAndGivenBack().records().size();
    run.keep(records);

    drive(run, 0, failed, new Forgetful("failed"), channel("bus", receiver, ALL));
    drive(run, failed, run.records().size(), channel("bus", receiver, ALL));

    assertThat(states(receiver))
        .containsExactly(
            "started",
            "given-back",
            "failed",
            "failed",
            "resumed",
            "waiting",
            "resumed",
            "recovered");
    assertThat(ids().get(2)).isEqualTo(ids().get(3));
  }

  @Test
  void whatWasGivenUpIsNotToldWhenTheRunGoesOn() {
    RecordedRun run = RecordedRun.resumedAndRecovered();
    int failed = RecordedRun.failedAndGivenBack().records().size();
    run.keep(records);
    receiver.thenAnswers(404);

    drive(run, 0, failed, channel("bus", receiver, ALL));
    drive(run, failed, run.records().size(), channel("bus", receiver, ALL));

    assertThat(states(receiver)).filteredOn("started"::equals).hasSize(1);
  }

  @Test
  void anInterruptedCommandEndsAtOnceAndLeavesTheRestToWhoResumes() {
    RecordedRun run = RecordedRun.resumedAndRecovered();
    run.keep(records);
    receiver.thenHangs();
    RunNotices notices = notices(records, Duration.ofMinutes(5), channel("bus", receiver, ALL));
    notices.entered(RecordedRun.RUN);
    tell(notices, run, 0, 1);

    Thread.currentThread().interrupt();
    RunNotices.Remainder left = notices.finish(LONG);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(left.lost()).extracting(Delivery::state).isSubsetOf("started");
    assertThat(deliveries().of(RecordedRun.RUN)).isEmpty();
  }

  @Test
  void troubleWithTheRecordsIsSaidAndHoldsNothingUp() {
    RecordedRun run = RecordedRun.started();

    RunNotices.Remainder left = drive(run, 0, 1, new Broken(), channel("bus", receiver, ALL));

    assertThat(states(receiver)).containsExactly("started");
    assertThat(left.troubles())
        .containsExactly(
            "what was told could not be looked up or kept: a fault of Chrysalis"
                + " (IllegalStateException)");
  }

  @Test
  void whoCannotLookUpWhatWasToldStillTellsWhatHappensNow() {
    RecordedRun run = RecordedRun.resumedAndRecovered();
    int failed = RecordedRun.failedAndGivenBack().records().size();
    run.keep(records);

    RunNotices.Remainder left =
        drive(run, failed, run.records().size(), new Broken(), channel("bus", receiver, ALL));

    assertThat(states(receiver)).containsExactly("resumed", "waiting", "resumed", "recovered");
    assertThat(left.troubles()).hasSize(1);
  }

  @Test
  void saysHowManyChangesWereNotToldWhereTheVaultHangs() {
    RecordedRun run = RecordedRun.resumedAndRecovered();
    int failed = RecordedRun.failedAndGivenBack().records().size();
    run.keep(records);
    CountDownLatch given = new CountDownLatch(1);
    RunNotices notices =
        notices(
            new Hanging(given),
            Duration.ofSeconds(20),
            channel("bus", receiver, EnumSet.of(NoticeState.RESUMED, NoticeState.RECOVERED)));
    notices.entered(RecordedRun.RUN);
    tell(notices, run, failed, run.records().size());

    RunNotices.Remainder left = notices.finish(Duration.ofMillis(100));
    given.countDown();

    assertThat(left.lost()).isEmpty();
    assertThat(left.troubles()).contains("3 changes of the run were not told: time was over");
    assertThat(receiver.got()).isEmpty();
  }

  @Test
  void theEndThatAKillKeptFromBeingToldIsToldWhenThatIsAskedFor() {
    RecordedRun run = RecordedRun.resumedAndRecovered();
    run.keep(records);
    drive(run, 0, run.records().size() - 1, channel("bus", receiver, ALL));

    assertThat(tellLeft()).isEqualTo(1);
    assertThat(tellLeft()).isZero();

    assertThat(states(receiver)).filteredOn("recovered"::equals).hasSize(1);
    assertThat(states(receiver)).endsWith("recovered");
  }

  private int tellLeft() {
    RunNotices notices = notices(records, Duration.ofSeconds(20), channel("bus", receiver, ALL));
    int left = notices.tellLeft("butterfly", RecordedRun.RUN);
    assertThat(notices.finish(LONG).lost()).isEmpty();
    return left;
  }

  @Test
  void tellsThatNobodyKnowsWhetherSomethingHappened() {
    RecordedRun run =
        RecordedRun.started()
            .at(1, new JournalEntry.StepChosen("evidence", java.util.Map.of()))
            .at(1, new JournalEntry.StepIntent("evidence"))
            .at(2, new JournalEntry.ControllerAttached(RecordedRun.BEN))
            .at(3, new JournalEntry.OutcomeUnknown("evidence", "nothing to see"))
            .at(4, new JournalEntry.RunPaused(List.of(), List.of("evidence")));
    run.keep(records);

    drive(run, 0, run.records().size(), channel("bus", receiver, ALL));

    assertThat(receiver.got().getLast().body())
        .contains("Nobody knows whether this happened: Keep evidence.", "--did-not-happen");
  }

  @Test
  void aRunThatIsTakenOverAndWaitsAgainIsToldAsWaitingAgain() {
    RecordedRun run =
        RecordedRun.started()
            .at(1, new JournalEntry.ApprovalAwaited("evidence"))
            .at(1, new JournalEntry.RunPaused(List.of("evidence"), List.of()));
    int left = run.records().size();
    run.at(600, new JournalEntry.ControllerAttached(RecordedRun.BEN))
        .at(601, new JournalEntry.RunPaused(List.of("evidence"), List.of()));
    int leftAgain = run.records().size();
    run.at(900, new JournalEntry.ControllerAttached(RecordedRun.BEN));
    run.keep(records);

    drive(run, 0, left, channel("bus", receiver, ALL));
    drive(run, left, leftAgain, channel("bus", receiver, ALL));
    drive(run, leftAgain, run.records().size(), channel("bus", receiver, ALL));

    assertThat(states(receiver))
        .containsExactly("started", "waiting", "resumed", "waiting", "resumed");
    assertThat(receiver.got().get(3).body())
        .contains(
            "Approval is awaited: Keep evidence.",
            "chrysalis approve " + RecordedRun.RUN + " evidence");
  }

  private RunNotices.Remainder drive(RecordedRun run, int from, int to, NoticeChannel... channels) {
    return drive(run, from, to, records, channels);
  }

  private RunNotices.Remainder drive(
      RecordedRun run, int from, int to, RecordStore store, NoticeChannel... channels) {
    RunNotices notices = notices(store, Duration.ofSeconds(20), channels);
    notices.entered(RecordedRun.RUN);
    tell(notices, run, from, to);
    return notices.finish(LONG);
  }

  private static void tell(RunNotices notices, RecordedRun run, int from, int to) {
    List<JournalRecord> all = run.records();
    for (int i = from; i < to; i++) {
      notices.journaled(all.get(i), RunState.of(all.subList(0, i + 1)));
    }
  }

  private RunNotices notices(RecordStore store, Duration patience, NoticeChannel... channels) {
    return new RunNotices(
        new Channels(List.of(channels), CLOCK, patience),
        new Deliveries(store, "butterfly"),
        new Runs(records),
        new Surroundings(CLOCK, new Impatient(), new Random(7)));
  }

  private static NoticeChannel channel(String name, Receiver at, Set<NoticeState> states) {
    return new NoticeChannel.Webhook(
        new NoticeChannel.About(name, states, new NoticeTemplate("${detail}")),
        new NoticeChannel.Endpoint.Written(at.url("/" + name)),
        null);
  }

  private Deliveries deliveries() {
    return new Deliveries(records, "butterfly");
  }

  private Delivery delivery(String channel) {
    return deliveries().of(RecordedRun.RUN).stream()
        .filter(d -> d.channel().equals(channel))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> states(Receiver receiver) {
    return found(receiver, "dev\\.chrysalis\\.run\\.([a-z-]+)");
  }

  private List<String> ids() {
    return found(receiver, "\"id\":\"([^\"]+)\"");
  }

  private static List<String> found(Receiver receiver, String pattern) {
    return receiver.got().stream()
        .flatMap(g -> Pattern.compile(pattern).matcher(g.body()).results())
        .map(m -> m.group(1))
        .toList();
  }

  /// Pauses for no time, and remembers for how long it should have.
  private final class Impatient implements Ticker {
    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public void pause(Duration time) {
      paused.add(time);
    }
  }

  /// Loses what is to be kept of one state, as if the process had been killed before.
  private final class Forgetful implements RecordStore {
    private final String state;

    Forgetful(String state) {
      this.state = state;
    }

    @Override
    public boolean create(String key, byte[] body) {
      String text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
      return text.contains("\"state\":\"" + state + "\"") || records.create(key, body);
    }

    @Override
    public java.util.Optional<byte[]> read(String key) {
      return records.read(key);
    }

    @Override
    public List<String> keys(String prefix) {
      return records.keys(prefix);
    }
  }

  /// Answers nothing until it is let.
  private record Hanging(CountDownLatch given) implements RecordStore {
    @Override
    public boolean create(String key, byte[] body) {
      return hang();
    }

    @Override
    public java.util.Optional<byte[]> read(String key) {
      boolean _ = hang();
      return java.util.Optional.empty();
    }

    @Override
    public List<String> keys(String prefix) {
      boolean _ = hang();
      return List.of();
    }

    private boolean hang() {
      try {
        given.await();
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("cut off", e);
      }
    }
  }

  private static final class Broken implements RecordStore {
    @Override
    public boolean create(String key, byte[] body) {
      throw new IllegalStateException("broken");
    }

    @Override
    public java.util.Optional<byte[]> read(String key) {
      throw new IllegalStateException("broken");
    }

    @Override
    public List<String> keys(String prefix) {
      throw new IllegalStateException("broken");
    }
  }
}
