package dev.chrysalis.redis.archive;

import dev.chrysalis.model.MemberId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// When which member took over from another one: at its first base that names whom it followed
/// before. What an old master that was cut off from the others has written since counts for
/// nothing, although its shipper may go on for long.
///
/// A server that comes up as a master without having followed anybody (the old one, until it is
/// told whom to follow) has taken nothing over.
final class Takeovers {
  private record Takeover(MemberId member, String followed, Instant at) {}

  private record Promotion(MemberId member, String followed) {}

  private final List<Takeover> takeovers = new ArrayList<>();

  Takeovers(List<BaseFacts> bases) {
    Set<Promotion> known = new HashSet<>();
    bases.stream()
        .filter(base -> !base.followed().isEmpty())
        .sorted(Comparator.comparing(BaseFacts::at))
        .filter(base -> known.add(new Promotion(base.member(), base.followed())))
        .map(base -> new Takeover(base.member(), base.followed(), base.at()))
        .forEach(takeovers::add);
  }

  /// Whether another member had taken over before a base was taken: it is of an old master that was
  /// cut off and does not know it.
  boolean isOutdated(BaseFacts base) {
    return takeovers.stream()
        .anyMatch(t ->
            t.followed().equals(base.replicationId())
                && !t.member().equals(base.member())
                && t.at().isBefore(base.at()));
  }

  /// When another member took over after a base was taken.
  Optional<Instant> after(BaseFacts base) {
    return takeovers.stream()
        .filter(t -> !t.member().equals(base.member()) && t.at().isAfter(base.at()))
        .map(Takeover::at)
        .findFirst();
  }
}
