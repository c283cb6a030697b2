package dev.chrysalis.postgres.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.postgres.Lsn;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// One member as seen from outside: what the platform says of it, and what its agent says of the
/// server and the data directory.
///
/// @param status the agent's answer (`MemberStatus`), empty where no agent answered
public record MemberView(Member observed, Volume volume, Map<String, String> status) {
  public MemberView {
    status = Map.copyOf(status);
  }

  public MemberId id() {
    return observed.id();
  }

  /// What the member is good for.
  public Condition condition() {
    if (answers()) {
      return "primary".equals(status.get("role"))
          ? Condition.SERVING_PRIMARY
          : Condition.SERVING_STANDBY;
    }
    if (volume.state() == Volume.State.MISSING || volume.empty()) {
      return Condition.DATA_LOST;
    }
    return switch (status.getOrDefault("data", "unknown")) {
      case "initialised" -> Condition.DOWN_INTACT;
      case "missing", "empty", "half-restored", "damaged" -> Condition.DATA_LOST;
      default -> Condition.UNKNOWN;
    };
  }

  /// Whether its server answers queries.
  public boolean answers() {
    return "up".equals(status.get("server"));
  }

  /// Whether its data directory is a standby's; only known where an agent answered.
  public boolean standbyData() {
    return "true".equals(status.get("data.standbySignal"));
  }

  /// Whether it receives WAL from a primary now.
  public boolean streaming() {
    return "streaming".equals(status.get("receiver.status"));
  }

  /// The end of the WAL that it has: written as a primary, received or replayed as a standby.
  public Optional<Lsn> position() {
    return Stream.of("written", "replayed")
        .map(status::get)
        .filter(Objects::nonNull)
        .map(Lsn::parse)
        .max(Comparator.naturalOrder());
  }

  public Optional<Integer> timeline() {
    return Optional.ofNullable(status.get("timeline"))
        .or(() -> Optional.ofNullable(status.get("data.timeline")))
        .map(Integer::valueOf);
  }

  /// What a member is good for.
  public enum Condition {
    SERVING_PRIMARY,
    SERVING_STANDBY,
    /// Its server does not answer, its data directory is whole.
    DOWN_INTACT,
    DATA_LOST,
    UNKNOWN
  }
}
