package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.redis.archive.CoverageMarks;
import dev.chrysalis.redis.archive.LogNames;
import dev.chrysalis.redis.archive.PieceFacts;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;

/// Where the logs of a member end in the vault. Only reads. Safe for many threads.
final class LogEnds {
  private final Vault vault;
  private final String store;
  private final MemberId member;
  private final Clock clock;

  LogEnds(Vault vault, String store, MemberId member, Clock clock) {
    this.vault = vault;
    this.store = store;
    this.member = member;
    this.clock = clock;
  }

  /// The end of a log: a position, and the place in the server's files that it is at.
  record End(LogName log, long position, PieceFacts facts) {}

  /// The end of the member's newest log, by its newest piece or a mark behind it.
  Optional<End> newest() {
    Optional<End> piece =
        vault.logs(store).stream()
            .filter(name -> LogNames.member(name).filter(member::equals).isPresent())
            .max(Comparator.naturalOrder())
            .flatMap(this::end);
    Optional<End> mark =
        new CoverageMarks(vault.records(), store)
            .newest(member, clock.instant())
            .map(m -> new End(m.log(), m.position(), m.facts()));
    boolean marked = mark.isPresent() && piece.filter(p -> isBehind(p, mark.get())).isEmpty();
    return marked ? mark : piece;
  }

  private static boolean isBehind(End piece, End mark) {
    int byLog = piece.log().compareTo(mark.log());
    return byLog > 0 || (byLog == 0 && piece.position() > mark.position());
  }

  private Optional<End> end(LogName name) {
    Optional<LogPiece> newest = vault.log(name).newest();
    return newest.flatMap(
        piece -> PieceFacts.of(piece.facts()).map(facts -> new End(name, piece.to(), facts)));
  }

  /// The newest base of a log, without which it is worth nothing.
  Optional<BaseFacts> base(LogName log) {
    return vault.snapshots(store).stream()
        .map(Snapshot::facts)
        .filter(facts -> facts.getOrDefault("log", "").equals(log.stream()))
        .map(BaseFacts::fromMap)
        .max(Comparator.comparing(BaseFacts::at));
  }
}
