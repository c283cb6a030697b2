package dev.chrysalis.redis.control;

/// What of a datastore decides on a plan, in words: as long as they are the same, the plan fits.
final class Gist {
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

  private static String canFailOver(boolean can) {
    return can ? "the Sentinels can fail over" : "the Sentinels cannot fail over";
  }
}
