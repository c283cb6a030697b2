package dev.chrysalis.cassandra.archive;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// Says whether a ring can be restored with what there is of a node whose log ended before those of
/// the others, since its machine or its agent was away then. What it lacks the others have; but:
///
/// 1. A log that goes on is waited for.
/// 2. What was deleted since it ended comes back once the others have forgotten the deletion.
/// 3. So does what was dropped or truncated since: its tables have to be those of the others.
///
/// @param now by the clock that seals pieces
record LateNodes(Vault vault, Instant now) {
  private static final Duration GOES_ON = Duration.ofMinutes(1);

  /// Why it has to be waited for, or cannot be done without; empty where neither is so.
  ///
  /// @param others that lack nothing, or less
  /// @param moment to which they are brought
  Optional<ChrysalisException> refusal(
      NodePoint late, Collection<NodePoint> others, Instant moment) {
    if (goesOn(late)) {
      return Optional.of(
          refused(
              "the log of %s reaches %s, and goes on".formatted(member(late), late.asOf()),
              "wait until it is shipped; where its node is away, it is taken for ended in a"
                  + " minute"));
    }
    Duration kept = Spare.of(others.stream().map(NodePoint::facts).toList()).within();
    if (!now.isBefore(late.asOf().plus(kept))) {
      return Optional.of(
          refused(
              "the log of %s ended at %s, and what was deleted since is known for %d s only (%s)"
                  .formatted(member(late), late.asOf(), kept.toSeconds(), "gc_grace_seconds"),
              "choose a moment of before that: what was deleted would come back from it"));
    }
    return hasTablesOf(late, others, moment)
        ? Optional.empty()
        : Optional.of(
            new ChrysalisException(
                CassandraErrors.TABLES_CHANGED,
                "the log of %s ended at %s, and tables of the others have changed since"
                    .formatted(member(late), late.asOf()),
                "choose a moment of before that, or one after its next snapshot: what was dropped"
                    + " or truncated would come back from it"));
  }

  /// Whether its tables are those of the others.
  boolean hasTablesOf(NodePoint late, Collection<NodePoint> others, Instant moment) {
    return others.stream()
        .allMatch(other ->
            late.facts().schemaVersion().equals(other.facts().schemaVersion())
                && !truncated(other, moment).isAfter(late.facts().taken()));
  }

  private Instant truncated(NodePoint point, Instant moment) {
    return point.log().map(log -> log.seenBefore(vault, moment).truncated()).orElse(Instant.EPOCH);
  }

  private boolean goesOn(NodePoint late) {
    return late.log()
        .flatMap(stretch -> vault.log(stretch.log()).newest())
        .map(LogPiece::sealedAt)
        .filter(sealed -> !sealed.isBefore(now.minus(GOES_ON)))
        .isPresent();
  }

  private static Object member(NodePoint point) {
    return point.facts().member();
  }

  private static ChrysalisException refused(String message, String hint) {
    return new ChrysalisException(CassandraErrors.OUT_OF_WINDOW, message, hint);
  }
}
