package dev.chrysalis.redis.archive;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.control.Past;
import dev.chrysalis.redis.control.RestorePoints.CameUpEmpty;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns a moment into a base and the end of the log behind it, before anything is touched.
///
/// 1. A base reaches from its own moment to the newest one at which the server's file held nothing
///    that its log, without a hole, does not hold. What of the log belongs to the base itself
///    (`BaseFacts.need`) must be there, and is never cut off. Where another member took over
///    meanwhile (`Takeovers`) it ends there.
/// 2. Taken is the newest base whose reach covers the moment. Where none does, but a later one is
///    there (the server was away, or another one took over), the one that comes closest before it.
/// 3. Where no moment is asked for, a base without keys and without a log is passed over if one of
///    the day before it has keys: it is of a server that came up empty. So are all since the store
///    came up empty and was filled anew (`Emptiness`).
/// 4. The log is cut at the last boundary of the newest piece that was in the file by that moment:
///    nothing that came after it is in there.
///
/// Only reads catalog, facts and marks. Safe for many threads.
public final class RestoreSearch {
  private static final Duration OF_LATE = Duration.ofDays(1);

  private final Vault vault;
  private final String store;
  private final Clock clock;

  public RestoreSearch(Vault vault, String store, Clock clock) {
    this.vault = vault;
    this.store = store;
    this.clock = clock;
  }

  /// A base and the newest moment that it reaches.
  ///
  /// @param end the end of its log's stretch; the base's position where the log holds nothing
  /// @param from the first moment that it can be brought to
  record Reach(Snapshot snapshot, BaseFacts base, long end, Instant from, Instant to) {
    boolean holdsNothing() {
      return base.keys() == 0 && end <= base.position();
    }
  }

  /// All bases that can be restored, oldest first; those that an old master wrote after another
  /// took over cannot.
  List<Reach> reaches() {
    List<Snapshot> snapshots = vault.snapshots(store);
    return reaches(snapshots, takeovers(snapshots));
  }

  private static Takeovers takeovers(List<Snapshot> snapshots) {
    return new Takeovers(snapshots.stream().map(s -> BaseFacts.fromMap(s.facts())).toList());
  }

  private List<Reach> reaches(List<Snapshot> snapshots, Takeovers takeovers) {
    Map<MemberId, Optional<CoverageMarks.Mark>> marks = new HashMap<>();
    Map<String, SeenLog> seen = new HashMap<>();
    List<Reach> reaches = new ArrayList<>();
    for (Snapshot snapshot : snapshots) {
      BaseFacts base = BaseFacts.fromMap(snapshot.facts());
      if (takeovers.isOutdated(base)) {
        continue;
      }
      Optional<BaseLog> log = log(base, seen);
      reach(snapshot, base, log, marks)
          .map(r -> endedBy(takeovers, r, log))
          .ifPresent(reaches::add);
    }
    reaches.sort(Comparator.comparing(Reach::from));
    return reaches;
  }

  private static Reach endedBy(Takeovers takeovers, Reach reach, Optional<BaseLog> log) {
    Optional<Instant> at = takeovers.after(reach.base()).filter(reach.to()::isAfter);
    if (at.isEmpty() || log.isEmpty()) {
      return reach;
    }
    Instant moment = at.get().isAfter(reach.from()) ? at.get() : reach.from();
    BaseLog.Cut cut = log.get().cut(reach.end(), moment);
    Instant to = cut.reached().isAfter(reach.from()) ? cut.reached() : reach.from();
    return new Reach(reach.snapshot(), reach.base(), cut.at(), reach.from(), to);
  }

  /// The newest moment that a member's own bases reach.
  Optional<Instant> newest(MemberId member) {
    return newest(reaches().stream().filter(r -> r.base().member().equals(member)).toList())
        .map(Reach::to);
  }

  /// The one that reaches the newest moment; of several the newest base.
  Optional<Reach> newest() {
    return newest(reaches());
  }

  /// What the bases of the day before the newest one tell.
  Past past() {
    List<BaseFacts> all =
        vault.snapshots(store).stream().map(s -> BaseFacts.fromMap(s.facts())).toList();
    Optional<Instant> newest = all.stream().map(BaseFacts::at).max(Comparator.naturalOrder());
    List<BaseFacts> telling =
        all.stream().filter(b -> b.keys() >= 0 && isOfLate(b, newest.orElse(b.at()))).toList();
    return new Past(
        telling.stream().mapToLong(BaseFacts::keys).max(),
        Emptiness.of(telling, new Acceptances(vault.records(), store).newest()));
  }

  private static boolean isOfLate(BaseFacts base, Instant newest) {
    return !base.at().isBefore(newest.minus(OF_LATE));
  }

  private Reach lastThatHeldSomething(List<Reach> all, Reach newest) {
    Optional<Instant> empty = past().cameUpEmpty().map(CameUpEmpty::at);
    if (empty.isEmpty() && !newest.holdsNothing()) {
      return newest;
    }
    return newest(
            all.stream()
                .filter(r -> !r.holdsNothing() && isOfLate(r.base(), newest.base().at()))
                .filter(r -> empty.filter(at -> !r.base().at().isBefore(at)).isEmpty())
                .toList())
        .orElse(newest);
  }

  /// The base and the stretch of the log that bring the store to a moment.
  ///
  /// @param to empty for the newest moment at which it held anything
  public RestoreChoice choose(Optional<Instant> to) {
    List<Reach> all = reaches();
    Reach newest = newest(all).orElseThrow(this::nothing);
    if (to.isEmpty()) {
      return choice(lastThatHeldSomething(all, newest));
    }
    Instant moment = to.get();
    if (moment.isAfter(newest.to()) || moment.isBefore(all.getFirst().from())) {
      throw outside(moment, all.getFirst().from(), newest.to());
    }
    List<Reach> before = all.stream().filter(r -> !r.from().isAfter(moment)).toList();
    Reach chosen =
        before.reversed().stream()
            .filter(r -> !r.to().isBefore(moment))
            .findFirst()
            .or(() -> newest(before))
            .orElseThrow(() -> outside(moment, all.getFirst().from(), newest.to()));
    return choice(chosen, moment);
  }

  /// The same of one base, for the first moment that it can be brought to. Of the logs only its own
  /// is read.
  RestoreChoice ofBase(SnapshotId id) {
    List<Snapshot> all = vault.snapshots(store);
    Takeovers takeovers = takeovers(all);
    Snapshot base =
        all.stream()
            .filter(s -> s.id().equals(id))
            .filter(s -> !takeovers.isOutdated(BaseFacts.fromMap(s.facts())))
            .findFirst()
            .orElseThrow(() ->
                new ChrysalisException(
                    VaultErrors.NO_SUCH_SNAPSHOT,
                    id + " is no restore point: another member had taken over when it was taken",
                    "see which there are: chrysalis restore-points"));
    Reach reach =
        reaches(List.of(base), takeovers).stream()
            .findFirst()
            .orElseThrow(() ->
                new ChrysalisException(
                    RedisErrors.NO_RESTORE_POINT,
                    "the log does not hold what belongs to the base " + id,
                    "see what else the vault holds: chrysalis restore-points"));
    return choice(reach, reach.from());
  }

  /// What was chosen before: a snapshot, and the end of its log. What belongs to the base is never
  /// cut off.
  ///
  /// @param to empty for the base alone
  public RestoreChoice chosen(SnapshotId id, Optional<Long> to) {
    Snapshot snapshot =
        vault.snapshots(store).stream()
            .filter(s -> s.id().equals(id))
            .findFirst()
            .orElseThrow(this::nothing);
    BaseFacts base = BaseFacts.fromMap(snapshot.facts());
    Optional<BaseLog> log = log(base).filter(l -> to.isPresent() || base.need() > base.position());
    if (log.isEmpty()) {
      return new RestoreChoice(id, base, snapshot.bytes(), Optional.empty(), base.at());
    }
    long least = log.get().least().orElseThrow(this::nothing);
    long end = Math.max(to.orElse(base.position()), log.get().boundary(least));
    return new RestoreChoice(
        id,
        base,
        snapshot.bytes(),
        Optional.of(new RestoreChoice.Stretch(log.get().name(), base.position(), end)),
        log.get().thereBy(end));
  }

  /// How much of its log an old base needs to stand for its own moment.
  Optional<LogExtent> ownNeed(BaseFacts base) {
    return log(base)
        .flatMap(log -> {
          long cut =
              log.end()
                  .filter(end -> end >= base.need())
                  .map(end -> log.cut(end, log.from()).at())
                  .orElse(base.need());
          long to = Math.max(cut, base.need());
          return to > base.position()
              ? Optional.of(new LogExtent(base.position(), to))
              : Optional.empty();
        });
  }

  /// The first moment that a base can be brought to: its own, or the one by which the log has what
  /// belongs to it.
  Instant from(BaseFacts base) {
    return log(base).map(BaseLog::from).orElse(base.at());
  }

  private Optional<BaseLog> log(BaseFacts base) {
    return log(base, new HashMap<>());
  }

  private Optional<BaseLog> log(BaseFacts base, Map<String, SeenLog> seen) {
    return base.log()
        .map(stream ->
            seen.computeIfAbsent(stream, each -> new SeenLog(vault.log(new LogName(store, each)))))
        .map(log -> new BaseLog(base, log));
  }

  private Optional<Reach> reach(
      Snapshot snapshot,
      BaseFacts base,
      Optional<BaseLog> log,
      Map<MemberId, Optional<CoverageMarks.Mark>> marks) {
    if (log.isEmpty()) {
      return Optional.of(new Reach(snapshot, base, 0, base.at(), base.at()));
    }
    Optional<Long> end =
        log.get().least().isPresent()
            ? log.get().end().filter(last -> last >= base.need())
            : Optional.empty();
    if (end.isEmpty()) {
      return Optional.empty();
    }
    long last = end.get();
    Instant from = log.get().from();
    Instant to = log.get().until(last).orElse(from);
    Optional<Instant> marked =
        marks
            .computeIfAbsent(
                base.member(),
                member -> new CoverageMarks(vault.records(), store).newest(member, clock.instant()))
            .filter(m -> m.log().equals(log.get().name()) && m.position() == last)
            .map(m -> m.facts().asOf());
    Instant newest = marked.filter(at -> at.isAfter(to)).orElse(to);
    return Optional.of(new Reach(snapshot, base, last, from, newest.isAfter(from) ? newest : from));
  }

  private static Optional<Reach> newest(List<Reach> reaches) {
    return reaches.stream().max(Comparator.comparing(Reach::to).thenComparing(Reach::from));
  }

  /// The newest that a base reaches: all of its log.
  private RestoreChoice choice(Reach reach) {
    long end = log(reach.base()).map(log -> log.boundary(reach.end())).orElse(0L);
    return choice(reach, new BaseLog.Cut(end, reach.to()));
  }

  private RestoreChoice choice(Reach reach, Instant moment) {
    BaseLog.Cut cut =
        log(reach.base())
            .map(log -> log.cut(reach.end(), moment))
            .orElseGet(() -> new BaseLog.Cut(0, reach.base().at()));
    // Of a server that is gone the last look at its file is older than that piece's moment: the
    // piece belongs to what was asked for, and no more than that look is claimed.
    Instant reached = cut.reached().isBefore(reach.to()) ? cut.reached() : reach.to();
    return choice(reach, new BaseLog.Cut(cut.at(), reached));
  }

  private RestoreChoice choice(Reach reach, BaseLog.Cut cut) {
    BaseFacts base = reach.base();
    return new RestoreChoice(
        reach.snapshot().id(),
        base,
        reach.snapshot().bytes(),
        log(base).map(log -> new RestoreChoice.Stretch(log.name(), base.position(), cut.at())),
        cut.reached());
  }

  private ChrysalisException nothing() {
    return new ChrysalisException(
        RedisErrors.NO_RESTORE_POINT,
        "the vault holds nothing that " + store + " can be restored from",
        "nothing was touched; see what the vault holds: chrysalis restore-points " + store);
  }

  private ChrysalisException outside(Instant moment, Instant from, Instant to) {
    return new ChrysalisException(
        RedisErrors.OUT_OF_WINDOW,
        "%s cannot be restored of %s: the window is %s to %s".formatted(moment, store, from, to),
        "nothing was touched; what is younger may be on its way to the vault: try again in a few"
            + " seconds, or leave the moment out for the newest one");
  }
}
