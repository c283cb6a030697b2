package dev.chrysalis.recovery.redis;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.recovery.store.ProofByAgent;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.control.MemberView;
import dev.chrysalis.redis.control.RestorePoints;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Proves a restore point of Redis by restoring it: the agent beside a replica, or beside the
/// master where there is none, restores it into a scratch folder, lets a server of its own load all
/// of it, counts the keys, and removes it. Nothing living is touched but the machine's disk and
/// memory.
public final class RedisTrial {
  private static final Set<ErrorCode> AGAINST_IT =
      Set.of(
          RedisErrors.RDB_DAMAGED,
          RedisErrors.AOF_DAMAGED,
          RedisErrors.DOES_NOT_LOAD,
          RedisErrors.NO_RESTORE_POINT);

  private final RedisStore store;
  private final ProofByAgent agent;

  /// @param agent of this datastore
  public RedisTrial(RedisStore store, ProofByAgent agent) {
    this.store = store;
    this.agent = agent;
  }

  /// Restores, asks, and keeps the proof.
  ///
  /// @param asked proved at the first moment that it can be brought to; empty for the newest moment
  public Proof prove(Optional<SnapshotId> asked, Holder holder, Consumer<JobEvent> seen) {
    ProofByAgent.Against against =
        new ProofByAgent.Against(
            _ -> asked.or(() -> store.points().newestSnapshot().map(SnapshotId::new)), AGAINST_IT);
    return agent.prove(() -> attempt(asked), against, holder, seen);
  }

  private ProofByAgent.Attempt attempt(Optional<SnapshotId> asked) {
    RestorePoints.Chosen point =
        asked
            .map(snapshot -> store.points().ofSnapshot(snapshot.value()))
            .orElseGet(() -> store.points().choose(Optional.empty()));
    List<String> task = new ArrayList<>(List.of("redis", "examine"));
    task.addAll(RedisStore.options(point));
    String missing =
        point.missingPacks() == 0
            ? ""
            : "snapshot %s lacks %d of its packs".formatted(point.snapshot(), point.missingPacks());
    return new ProofByAgent.Attempt(
        new SnapshotId(point.snapshot()), missing, this::beside, task, Map.of());
  }

  private MemberId beside() {
    List<MemberView> servers = ((RedisStoreState) store.look().state()).state().servers();
    return Stream.concat(
            servers.stream().filter(MemberView::replica),
            servers.stream().filter(MemberView::leads))
        .map(MemberView::id)
        .findFirst()
        .orElseThrow(() ->
            new ChrysalisException(
                RedisErrors.UNREACHABLE,
                "no server of " + store.declared().name() + " answers, beside which to try it",
                "see what is broken: chrysalis assess"));
  }
}
