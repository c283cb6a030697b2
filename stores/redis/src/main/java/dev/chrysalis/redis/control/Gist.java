package dev.chrysalis.redis.control;

import dev.chrysalis.redis.control.MemberView.Condition;
import dev.chrysalis.workloads.WholeStore;

/// What of a datastore decides on a plan, in words: as long as they are the same, the plan fits.
final class Gist {
  private static final String DATA = "has data";

  private Gist() {}

  /// Not in which order replicas are fit, which changes with every look.
  static String of(Situation situation, RedisState state) {
    return switch (situation) {
      case Situation.MasterDown down ->
          "%s down, %s, %s"
              .formatted(
                  down.master(),
                  down.fit().isEmpty() ? "no replica is fit" : "a replica is fit",
                  canFailOver(down.failsOver()));
      case Situation.MasterLost lost ->
          "master lost with the data of %s, %s, %s"
              .formatted(
                  lost.lost(),
                  Fitness.fitBeside(state, lost.lost()).isEmpty()
                      ? "only %s is left to lead".formatted(lost.holders().getFirst())
                      : "a replica is fit",
                  canFailOver(state.failsOverByItself()));
      case Situation.QuorumLost lost -> "quorum lost, %s leads".formatted(lost.master());
      case Situation.AllWell _,
          Situation.ReplicaDown _,
          Situation.ReplicaLost _,
          Situation.ReplicationBroken _,
          Situation.SentinelsDown _,
          Situation.WrongMaster _,
          Situation.StoreLost _,
          Situation.SplitBrain _,
          Situation.PersistenceFailing _,
          Situation.OutOfMemory _,
          Situation.Unclear _ ->
          situation.toString();
    };
  }

  /// For a plan that brings the whole store back. Of a master that came up empty and was filled
  /// anew it waits for the log.
  static WholeStore ofWholeStore(Situation situation, RedisState state) {
    boolean filledAnew =
        situation instanceof Situation.StoreLost lost && lost.filledAnew().isPresent();
    boolean allLost = situation instanceof Situation.StoreLost && !filledAnew;
    boolean led = state.servers().stream().anyMatch(v -> v.condition() == Condition.SERVING_MASTER);
    return WholeStore.of(
        state.servers(),
        MemberView::id,
        view ->
            allLost ? WholeStore.LOST : (filledAnew ? "was filled anew: " : "") + word(view, led));
  }

  /// @param led whether one with data leads, beside which it is of no matter what a replica does
  private static String word(MemberView view, boolean led) {
    return switch (view.condition()) {
      case SERVING_MASTER -> WholeStore.SERVES;
      case EMPTY_MASTER -> "leads without a key";
      case SERVING_REPLICA -> led ? DATA : "is a replica";
      case LOADING -> led ? DATA : "is loading";
      case DOWN_INTACT -> led ? DATA : "is down";
      case DATA_LOST -> WholeStore.LOST;
      case UNKNOWN -> "does not tell";
    };
  }

  private static String canFailOver(boolean can) {
    return can ? "the Sentinels can fail over" : "the Sentinels cannot fail over";
  }
}
