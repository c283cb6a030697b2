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
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.Proof;
import java.time.Instant;
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
      Set.of(RedisErrors.RDB_DAMAGED, RedisErrors.AOF_DAMAGED, RedisErrors.DOES_NOT_LOAD);

  private final RedisStore store;
  private final ProofByAgent agent;

  /// @param agent of this datastore
  public RedisTrial(RedisStore store, ProofByAgent agent) {
    this.store = store;
    this.agent = agent;
  }

  /// Restores, asks, and keeps the proof.
  ///
  /// @param asked proved at the moment that it stands for; empty for the newest moment
  public Proof prove(Optional<SnapshotId> asked, Holder holder, Consumer<JobEvent> seen) {
    return agent.prove(() -> attempt(asked), AGAINST_IT, holder, seen);
  }

  private ProofByAgent.Attempt attempt(Optional<SnapshotId> asked) {
    RestorePoints.Chosen point = store.points().choose(asked.map(this::momentOf));
    List<String> task = new ArrayList<>(List.of("redis", "examine"));
    task.addAll(RedisStore.options(point));
    return new ProofByAgent.Attempt(new SnapshotId(point.snapshot()), beside(), task, Map.of());
  }

  /// The moment that a base stands for.
  private Instant momentOf(SnapshotId snapshot) {
    return store.points().all().stream()
        .filter(p -> p.snapshot().equals(snapshot.value()))
        .findFirst()
        .map(RestorePoints.Point::from)
        .orElseThrow(() ->
            new ChrysalisException(
                VaultErrors.NO_SUCH_SNAPSHOT,
                snapshot + " is no restore point",
                "see which there are: chrysalis restore-points"));
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
