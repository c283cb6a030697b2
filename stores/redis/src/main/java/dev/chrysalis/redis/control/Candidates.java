package dev.chrysalis.redis.control;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.RedisErrors;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Who may lead in the place of others, and why nobody may. Pure.
final class Candidates {
  private Candidates() {}

  /// The fit replica that has received most of what the old master wrote; refused where none is
  /// fit, and where replicas have data of different masters, which cannot be compared.
  static MemberView mostAdvanced(RedisState state, List<String> old) {
    List<MemberView> fit = requireFit(state, old);
    List<String> streams =
        fit.stream().flatMap(v -> v.replicationId().stream()).distinct().toList();
    if (streams.size() > 1) {
      throw new ChrysalisException(
          RedisErrors.NO_FIT_REPLICA,
          "the replicas have data of different masters, whose positions cannot be compared: "
              + fit.stream()
                  .map(v -> v.id() + " of " + v.replicationId().orElse("?"))
                  .collect(Collectors.joining(", ")),
          "look which of them has what you need; nothing was touched");
    }
    return fit.stream()
        .max(
            Comparator.comparingLong((MemberView v) -> v.position().orElse(-1))
                .thenComparing(Comparator.comparingLong(MemberView::priority).reversed()))
        .orElseThrow();
  }

  /// The replicas that may lead in the place of others. Refused, with the reason of each, where
  /// none may.
  static List<MemberView> requireFit(RedisState state, List<String> old) {
    List<MemberView> others =
        state.servers().stream().filter(v -> !old.contains(v.id().toString())).toList();
    List<MemberId> fit = Fitness.fit(others);
    if (fit.isEmpty()) {
      throw new ChrysalisException(
          RedisErrors.NO_FIT_REPLICA,
          "no replica can lead: " + why(others),
          "start one that has data, or restore from the vault: chrysalis recover store-lost");
    }
    return fit.stream().flatMap(id -> state.server(id).stream()).toList();
  }

  private static String why(List<MemberView> others) {
    return others.isEmpty()
        ? "there is no other"
        : others.stream()
            .map(v -> v.id() + ": " + v.unfit().orElse("fit"))
            .collect(Collectors.joining("; "));
  }

  /// Refuses a master without a key where there are keys elsewhere: what follows it would lose its
  /// own.
  static void refuseEmpty(MemberView leader, RedisState state, RestorePoints vault) {
    if (leader.keys().orElse(-1) != 0) {
      return;
    }
    Optional<String> elsewhere =
        state.servers().stream()
            .filter(v -> v.keepsKeys() || v.keys().orElse(0) > 0)
            .map(v -> v.id() + " has data")
            .findFirst()
            .or(() ->
                vault.past().keysOfLate().orElse(0) > 0
                    ? Optional.of("the vault has data")
                    : Optional.empty());
    if (elsewhere.isPresent()) {
      throw new ChrysalisException(
          RedisErrors.EMPTY_LEADER,
          "%s leads without a key, while %s: an empty node never leads"
              .formatted(leader.id(), elsewhere.get()),
          "stop it before others copy its emptiness, then make a new plan: chrysalis recover");
    }
  }
}
