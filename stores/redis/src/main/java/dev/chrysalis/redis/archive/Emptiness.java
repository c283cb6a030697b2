package dev.chrysalis.redis.archive;

import dev.chrysalis.redis.control.RestorePoints.CameUpEmpty;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// When the store came up empty although it had keys, as far as its bases show. Pure. A server that
/// comes up on an empty volume leads as if nothing had been, and clients fill it again: a minute
/// later nothing but the vault knows that anything is missing.
///
/// 1. A base of another process than the one before it, which has not followed that one, is of a
///    server that came up empty where it is known to have begun without any key, or where it has
///    less than a tenth of the keys. (Keys that one process deletes are gone by somebody's will,
///    and a replica that took over has what it copied.)
/// 2. It is over when a later base has half of those keys again; where it began without any key,
///    only one of yet another process: clients may fill the emptied one as fast as they will. It
///    does not count where somebody accepted what was restored since the base before.
///
/// Limit: a server whose keys had expired or were deleted before it was started again, all between
/// two bases, looks the same.
final class Emptiness {
  private static final int FAR_FEWER = 10;
  private static final int HALF = 2;

  private Emptiness() {}

  /// @param bases those that tell how many keys they have, in any order
  /// @param accepted when a restore was accepted last
  static Optional<CameUpEmpty> of(List<BaseFacts> bases, Optional<Instant> accepted) {
    List<BaseFacts> sorted = bases.stream().sorted(Comparator.comparing(BaseFacts::at)).toList();
    Optional<CameUpEmpty> found = Optional.empty();
    for (int i = 1; i < sorted.size(); i++) {
      BaseFacts before = sorted.get(i - 1);
      BaseFacts base = sorted.get(i);
      found = found.flatMap(f -> afterwards(f, base));
      boolean isAccepted = accepted.filter(at -> at.isAfter(before.at())).isPresent();
      if (!isAccepted && found.isEmpty() && beganAnew(before, base)) {
        Set<String> filledBy = base.beganEmpty() ? Set.of(base.replicationId()) : Set.of();
        found = Optional.of(new CameUpEmpty(base.member(), base.at(), before.keys(), filledBy));
      }
    }
    return found;
  }

  private static boolean beganAnew(BaseFacts before, BaseFacts base) {
    boolean empty = base.beganEmpty() && before.keys() > 0;
    return (empty || base.keys() * FAR_FEWER < before.keys())
        && !base.replicationId().equals(before.replicationId())
        && !base.followed().equals(before.replicationId());
  }

  /// What is left of it after a later base.
  private static Optional<CameUpEmpty> afterwards(CameUpEmpty found, BaseFacts base) {
    Set<String> filledBy = new HashSet<>(found.filledBy());
    if (filledBy.contains(base.replicationId()) || filledBy.contains(base.followed())) {
      filledBy.add(base.replicationId());
      return Optional.of(new CameUpEmpty(found.member(), found.at(), found.keysBefore(), filledBy));
    }
    return base.keys() * HALF >= found.keysBefore() ? Optional.empty() : Optional.of(found);
  }
}
