package dev.chrysalis.vault.prune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.stack.KeepPolicy;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.prune.Retention.Candidate;
import dev.chrysalis.vault.prune.Retention.Reason;
import dev.chrysalis.vault.prune.Retention.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z-'").withZone(ZoneOffset.UTC);
  private static final Instant NOW = Instant.parse("2026-11-25T18:30:00Z");
  private static final KeepPolicy NOTHING = new KeepPolicy(0, 0, 0, 0, Duration.ofSeconds(1));

  private static Candidate at(String time, boolean complete) {
    Instant at = Instant.parse(time);
    return new Candidate(new SnapshotId(NAME.format(at) + "000000"), at, complete);
  }

  private static Candidate at(String time) {
    return at(time, true);
  }

  private static List<String> kept(KeepPolicy policy, Candidate... candidates) {
    return Retention.decide(policy, List.of(candidates), NOW).stream()
        .filter(Verdict::kept)
        .map(v -> v.candidate().at() + " " + v.reasons().stream().sorted().toList())
        .toList();
  }

  @Test
  void theNewestCompleteOneIsNeverDropped() {
    assertThat(
            kept(
                NOTHING,
                at("2020-01-01T00:00:00Z"),
                at("2020-01-02T00:00:00Z"),
                at("2020-01-03T00:00:00Z", false)))
        .containsExactly("2020-01-02T00:00:00Z [NEWEST, BEFORE_WINDOW]");
  }

  @Test
  void nothingIsDroppedWhereNothingIsComplete() {
    assertThat(kept(NOTHING, at("2020-01-01T00:00:00Z", false), at("2020-01-02T00:00:00Z", false)))
        .hasSize(2);
  }

  @Test
  void theWindowKeepsWhatItsFirstMomentNeeds() {
    KeepPolicy week = new KeepPolicy(0, 0, 0, 0, Duration.ofDays(7));
    assertThat(
            kept(
                week,
                at("2026-11-16T00:00:00Z"),
                at("2026-11-17T00:00:00Z"),
                at("2026-11-18T18:00:00Z", false),
                at("2026-11-20T00:00:00Z"),
                at("2026-11-25T00:00:00Z")))
        .containsExactly(
            "2026-11-17T00:00:00Z [BEFORE_WINDOW]",
            "2026-11-20T00:00:00Z [WITHIN_WINDOW]",
            "2026-11-25T00:00:00Z [NEWEST, WITHIN_WINDOW]");
  }

  @Test
  void theNewestOfEachPeriodIsKeptAndPeriodsWithoutOneDoNotCount() {
    KeepPolicy policy = new KeepPolicy(2, 3, 0, 0, Duration.ofSeconds(1));
    assertThat(
            kept(
                policy,
                at("2026-11-20T10:00:00Z"),
                at("2026-11-21T23:59:59Z"),
                at("2026-11-22T00:00:00Z"),
                at("2026-11-25T09:10:00Z"),
                at("2026-11-25T09:50:00Z"),
                at("2026-11-25T17:00:00Z")))
        .containsExactly(
            "2026-11-21T23:59:59Z [DAILY]",
            "2026-11-22T00:00:00Z [DAILY]",
            "2026-11-25T09:50:00Z [HOURLY]",
            "2026-11-25T17:00:00Z [NEWEST, BEFORE_WINDOW, HOURLY, DAILY]");
  }

  @Test
  void weeksBeginOnMondayAlsoOverTheEndOfAYear() {
    KeepPolicy weeks = new KeepPolicy(0, 0, 2, 0, Duration.ofSeconds(1));
    // 2020-12-28 is a Monday, so 2021-01-03 is in the same week and 2021-01-04 in the next.
    assertThat(
            kept(
                weeks,
                at("2020-12-27T12:00:00Z"),
                at("2020-12-28T12:00:00Z"),
                at("2021-01-03T12:00:00Z"),
                at("2021-01-04T12:00:00Z")))
        .containsExactly(
            "2021-01-03T12:00:00Z [WEEKLY]",
            "2021-01-04T12:00:00Z [NEWEST, BEFORE_WINDOW, WEEKLY]");
  }

  @Test
  void anIncompleteOneNeverTakesAPeriodsPlace() {
    KeepPolicy months = new KeepPolicy(0, 0, 0, 12, Duration.ofSeconds(1));
    assertThat(kept(months, at("2026-10-01T00:00:00Z"), at("2026-10-30T00:00:00Z", false)))
        .containsExactly("2026-10-01T00:00:00Z [NEWEST, BEFORE_WINDOW, MONTHLY]");
  }

  @Test
  void everyMomentOfTheWindowCanBeRestoredWhateverElseGoes() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<Candidate> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Instant at = NOW.minusSeconds(random.nextInt(40 * 86_400));
        all.add(
            new Candidate(
                new SnapshotId(NAME.format(at) + "%06x".formatted(i)), at, random.nextInt(5) > 0));
      }
      KeepPolicy policy =
          new KeepPolicy(
              random.nextInt(4),
              random.nextInt(4),
              random.nextInt(4),
              random.nextInt(4),
              Duration.ofHours(1 + random.nextInt(400)));
      List<Candidate> kept =
          Retention.decide(policy, all, NOW).stream()
              .filter(Verdict::kept)
              .map(Verdict::candidate)
              .toList();
      for (int i = 0; i < 20; i++) {
        Instant moment = NOW.minusSeconds(random.nextLong(policy.within().toSeconds() + 1));
        assertThat(base(kept, moment)).as("seed " + seed).isEqualTo(base(all, moment));
      }
    }
  }

  /// What a restore to a moment begins with.
  private static List<Candidate> base(List<Candidate> from, Instant moment) {
    return from.stream()
        .filter(c -> c.complete() && !c.at().isAfter(moment))
        .max(java.util.Comparator.comparing(Candidate::at).thenComparing(Candidate::id))
        .stream()
        .toList();
  }

  @Test
  void reasonsAreWordsForPeople() {
    assertThat(Reason.WITHIN_WINDOW.words()).isEqualTo("within window");
  }
}
