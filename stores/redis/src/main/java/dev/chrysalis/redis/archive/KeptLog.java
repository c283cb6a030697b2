package dev.chrysalis.redis.archive;

import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.prune.LogKeep;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Says which logs of a Redis store a policy keeps.
///
/// 1. Of a base from which moments of the restore window are restored: all of its log from its
///    position on.
/// 2. Of an older base: what it needs to stand for its own moment.
/// 3. Everything that was sealed since the horizon: a base that is still being written needs its
///    log, and nobody else knows of it yet.
public final class KeptLog {
  private final Vault vault;
  private final String store;
  private final RestoreSearch search;

  public KeptLog(Vault vault, String store, Clock clock) {
    this.vault = vault;
    this.store = store;
    this.search = new RestoreSearch(vault, store, clock);
  }

  /// For each log of the store what is kept of it.
  ///
  /// @param kept the snapshots that stay
  /// @param windowBegin where the restore window begins
  /// @param horizon everything that was sealed since then stays
  public List<LogKeep> of(List<Snapshot> kept, Instant windowBegin, Instant horizon) {
    List<BaseFacts> bases = kept.stream().map(s -> BaseFacts.fromMap(s.facts())).toList();
    Instant first =
        bases.stream()
            .map(search::from)
            .filter(at -> !at.isAfter(windowBegin))
            .max(Comparator.naturalOrder())
            .orElse(Instant.MIN);
    List<LogKeep> keeps = new ArrayList<>();
    for (LogName name : vault.logs(store)) {
      if (LogNames.member(name).isPresent()) {
        List<LogExtent> extents =
            bases.stream()
                .filter(base -> base.log().filter(name.stream()::equals).isPresent())
                .flatMap(base -> need(base, !search.from(base).isBefore(first)).stream())
                .toList();
        keeps.add(new LogKeep(name, extents, horizon));
      }
    }
    return keeps;
  }

  /// The records of days before that of a moment that say that nothing was written; who asks for
  /// the newest state needs those of the last two days only.
  public List<String> marksBefore(Instant moment) {
    return new CoverageMarks(vault.records(), store).before(moment);
  }

  private Optional<LogExtent> need(BaseFacts base, boolean inWindow) {
    return inWindow
        ? Optional.of(new LogExtent(base.position(), Long.MAX_VALUE))
        : search.ownNeed(base);
  }
}
