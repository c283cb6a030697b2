package dev.chrysalis.recovery;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.cassandra.CassandraStore;
import dev.chrysalis.recovery.cassandra.RingTrial;
import dev.chrysalis.recovery.cassandra.TableRestores;
import dev.chrysalis.recovery.postgres.PostgresStore;
import dev.chrysalis.recovery.redis.KeyRestores;
import dev.chrysalis.recovery.redis.RedisStore;
import dev.chrysalis.recovery.redis.RedisTrial;
import dev.chrysalis.recovery.store.ProofByAgent;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// Restores beside the living datastores, and touches nothing of theirs: proofs of restore points,
/// whatever kind of datastore they are of, with a server of its own that is asked and then removed;
/// some of Redis' keys, and some of Cassandra's tables.
public record Trials(Recovery recovery, String stack, Jobs jobs, InstantSource clock) {
  /// Restores, asks, and keeps the proof, whatever its outcome. What could not even be tried is an
  /// error and no proof.
  ///
  /// @param snapshot proved at the earliest moment that it can be brought to; empty for the newest
  ///   moment of all
  /// @param reading told while the vault's log is read for it
  public Proof prove(
      Store store,
      Optional<SnapshotId> snapshot,
      Holder holder,
      WalInVault.Reading reading,
      Consumer<JobEvent> seen) {
    return switch (store.declared().kind()) {
      case Datastore.Kind.PostgreSql _ ->
          postgres((PostgresStore) store, snapshot, holder, reading, seen);
      case Datastore.Kind.Redis _ ->
          new RedisTrial((RedisStore) store, byAgent(store)).prove(snapshot, holder, seen);
      case Datastore.Kind.Cassandra _ ->
          new RingTrial((CassandraStore) store, byAgent(store)).prove(snapshot, holder, seen);
    };
  }

  private ProofByAgent byAgent(Store store) {
    return new ProofByAgent(
        stack, store.declared().name(), jobs, recovery.leases(), recovery.proofs(), clock);
  }

  /// Restores some keys of a Redis datastore beside the living ones.
  public KeyRestores keys(RedisStore store) {
    return new KeyRestores(stack, store, jobs, recovery.leases(), clock);
  }

  /// Restores tables of a Cassandra datastore into the living ring.
  public TableRestores tables(CassandraStore store) {
    return new TableRestores(stack, store, jobs, recovery.leases(), clock);
  }

  private Proof postgres(
      PostgresStore store,
      Optional<SnapshotId> snapshot,
      Holder holder,
      WalInVault.Reading reading,
      Consumer<JobEvent> seen) {
    return new ProofByRestore(
            stack,
            store.declared(),
            store.wal(),
            recovery.beside(store),
            recovery.leases(),
            recovery.proofs(),
            clock)
        .prove(snapshot, holder, reading, seen);
  }
}
