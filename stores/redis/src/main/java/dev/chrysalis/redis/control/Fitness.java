package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import java.util.Comparator;
import java.util.List;

/// Which replica should lead: as Sentinel chooses, by the owner's priority, then by what it has
/// received; those that run before those that do not. Pure.
public final class Fitness {
  private static final Comparator<MemberView> BEST_FIRST =
      Comparator.comparing((MemberView v) -> !v.answers())
          .thenComparingLong(MemberView::priority)
          .thenComparingLong(v -> -v.position().orElse(0))
          .thenComparing(MemberView::id);

  private Fitness() {}

  /// The running replicas that may lead, the best first.
  public static List<MemberId> fit(List<MemberView> views) {
    return bestFirst(Diagnosis.with(views, v -> v.unfit().isEmpty()));
  }

  /// The same of those that have not lost their data.
  static List<MemberId> fitBeside(RedisState state, List<MemberId> lost) {
    return fit(Diagnosis.with(state.servers(), v -> !lost.contains(v.id())));
  }

  static List<MemberId> bestFirst(List<MemberView> views) {
    return Diagnosis.ids(views.stream().sorted(BEST_FIRST).toList());
  }
}
