package dev.chrysalis.redis.control;

import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which server is the master for a step: the parameter `master`, or the `candidate` that the step
/// named by `master-from` chose.
final class Leader {
  static final String MASTER = "master";
  static final String MASTER_FROM = "master-from";
  static final String CANDIDATE = "candidate";

  /// Where it listens: `127.3.4.5:6379`.
  static final String LISTENS = "listens";

  private Leader() {}

  static MemberId of(StepContext context) {
    String given = context.step().parameters().get(MASTER);
    if (given != null) {
      return MemberId.parse(given);
    }
    String from = Parameters.of(context.step(), MASTER_FROM);
    return MemberId.parse(Parameters.of(context.choicesOf(from), CANDIDATE, "step " + from));
  }

  /// How a step that chose it tells others.
  ///
  /// `address` is what clients are pointed at.
  static Map<String, String> choices(RedisGroup group, MemberView chosen) {
    Map<String, String> choices = new HashMap<>();
    choices.put(CANDIDATE, chosen.id().toString());
    choices.put("address", chosen.observed().address());
    choices.put(LISTENS, group.address(chosen.observed()).toString());
    chosen.replicationId().ifPresent(id -> choices.put("replicationId", id));
    chosen.position().ifPresent(at -> choices.put("offset", Long.toString(at)));
    chosen.keys().ifPresent(keys -> choices.put("keys", Long.toString(keys)));
    return choices;
  }

  /// The server that the Sentinels made the master in the place of others: it leads, more than half
  /// of the Sentinels name it, and it is none of the old ones.
  static Optional<MemberView> inPlaceOf(List<String> old, RedisState state) {
    return state.named().filter(MemberView::leads).filter(v -> !old.contains(v.id().toString()));
  }
}
