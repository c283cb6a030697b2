package dev.chrysalis.vault.prune;

import dev.chrysalis.model.stack.KeepPolicy;
import dev.chrysalis.vault.SnapshotId;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Decides which snapshots a policy keeps. Pure; hours, days, ISO weeks and months are those of
/// UTC.
///
/// 1. Of the restore window: every snapshot in it, and those from which its first moments are
///    restored. That is the newest complete one at or before its beginning, but of a log with
///    branches each branch has its own, which its store knows.
/// 2. For each of hours, days, weeks and months: in the newest so many of them that have a complete
///    snapshot, the newest such one.
/// 3. The newest complete one, always.
///
/// Kept: where nothing is complete, nothing is dropped; what is not complete never takes the place
/// of what is, and goes when the window has passed over it.
public final class Retention {
  private Retention() {}

  /// A snapshot to be decided on.
  ///
  /// @param at the moment from which on it can be restored to
  /// @param complete whether it can be restored: its packs and the log to its own end are there
  public record Candidate(SnapshotId id, Instant at, boolean complete) {}

  /// Why a snapshot is kept.
  public enum Reason {
    NEWEST,
    WITHIN_WINDOW,
    BEFORE_WINDOW,
    HOURLY,
    DAILY,
    WEEKLY,
    MONTHLY,
    NOTHING_IS_COMPLETE;

    /// As people read it.
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /// A decision.
  ///
  /// @param reasons why it is kept; empty where it is dropped
  public record Verdict(Candidate candidate, Set<Reason> reasons) {
    public Verdict {
      reasons = Set.copyOf(reasons);
    }

    public boolean kept() {
      return !reasons.isEmpty();
    }
  }

  /// The verdicts, oldest snapshot first.
  public static List<Verdict> decide(KeepPolicy policy, List<Candidate> candidates, Instant now) {
    Instant begin = now.minus(policy.within());
    Set<SnapshotId> base =
        candidates.stream()
            .filter(c -> c.complete() && !c.at().isAfter(begin))
            .min(NEWEST_FIRST)
            .map(c -> Set.of(c.id()))
            .orElse(Set.of());
    return decide(policy, candidates, now, base);
  }

  /// The same.
  ///
  /// @param bases the snapshots from which the first moments of the window are restored
  public static List<Verdict> decide(
      KeepPolicy policy, List<Candidate> candidates, Instant now, Set<SnapshotId> bases) {
    Map<Candidate, Set<Reason>> reasons = new HashMap<>();
    candidates.forEach(c -> reasons.put(c, EnumSet.noneOf(Reason.class)));
    Instant begin = now.minus(policy.within());
    for (Candidate c : candidates) {
      if (c.at().isAfter(begin)) {
        give(reasons, c, Reason.WITHIN_WINDOW);
      }
    }
    List<Candidate> complete =
        candidates.stream().filter(Candidate::complete).sorted(NEWEST_FIRST).toList();
    if (complete.isEmpty()) {
      candidates.forEach(c -> give(reasons, c, Reason.NOTHING_IS_COMPLETE));
    } else {
      give(reasons, complete.getFirst(), Reason.NEWEST);
    }
    complete.stream()
        .filter(c -> bases.contains(c.id()))
        .forEach(c -> give(reasons, c, Reason.BEFORE_WINDOW));
    periods(
        complete, t -> t.truncatedTo(ChronoUnit.HOURS), policy.hourly(), Reason.HOURLY, reasons);
    periods(complete, ZonedDateTime::toLocalDate, policy.daily(), Reason.DAILY, reasons);
    periods(complete, Retention::week, policy.weekly(), Reason.WEEKLY, reasons);
    periods(complete, YearMonth::from, policy.monthly(), Reason.MONTHLY, reasons);
    return candidates.stream()
        .sorted(NEWEST_FIRST.reversed())
        .map(c -> new Verdict(c, reasons.getOrDefault(c, Set.of())))
        .toList();
  }

  private static final Comparator<Candidate> NEWEST_FIRST =
      Comparator.comparing(Candidate::at).thenComparing(Candidate::id).reversed();

  private static void periods(
      List<Candidate> newestFirst,
      Function<ZonedDateTime, Object> period,
      int most,
      Reason reason,
      Map<Candidate, Set<Reason>> reasons) {
    Set<Object> taken = new HashSet<>();
    for (Candidate c : newestFirst) {
      Object in = period.apply(c.at().atZone(ZoneOffset.UTC));
      if (taken.size() < most && taken.add(in)) {
        give(reasons, c, reason);
      }
    }
  }

  /// The Monday that a week begins with.
  private static LocalDate week(ZonedDateTime time) {
    return time.toLocalDate().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
  }

  private static void give(Map<Candidate, Set<Reason>> reasons, Candidate to, Reason reason) {
    reasons.getOrDefault(to, EnumSet.noneOf(Reason.class)).add(reason);
  }
}
