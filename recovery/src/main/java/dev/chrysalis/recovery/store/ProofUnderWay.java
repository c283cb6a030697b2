package dev.chrysalis.recovery.store;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// A proof of a restore point by a restore, while it is under way: one of a stack is at a time.
/// What it shows is kept, whatever that is; nothing is once its lease is lost, since another one
/// may be under way by then.
public final class ProofUnderWay implements AutoCloseable {
  private static final Duration LONGEST_DEAD = Duration.ofSeconds(20);

  private final String store;
  private final Holder holder;
  private final Proofs proofs;
  private final InstantSource clock;
  private final Lease lease;

  /// Waits until no other proof of the stack is under way.
  ///
  /// @param store whose restore point is proved
  public ProofUnderWay(
      String stack,
      String store,
      Holder holder,
      Leases leases,
      Proofs proofs,
      InstantSource clock) {
    this.store = store;
    this.holder = holder;
    this.proofs = proofs;
    this.clock = clock;
    this.lease = leases.acquire(lock(stack), holder, LONGEST_DEAD);
  }

  /// The name of the lease under which proofs of a stack are made.
  public static String lock(String stack) {
    return stack + "-proof";
  }

  public Holder holder() {
    return holder;
  }

  /// Throws where the lease is lost.
  public void requireLease() {
    Object _ = lease.token();
  }

  /// Chooses what is tried, and tries it. What is missing or damaged in the vault while it is
  /// chosen is a failed proof; other trouble says nothing about a restore point, and is an error.
  ///
  /// @param against the snapshot against which what was found speaks; empty where it speaks against
  ///   none, which is an error, too
  public <T> Proof prove(
      Supplier<T> choose,
      Function<ChrysalisException, Optional<SnapshotId>> against,
      Function<T, Proof> tried) {
    T chosen;
    try {
      chosen = choose.get();
    } catch (ChrysalisException e) {
      if (e.code().category() != Category.DAMAGED) {
        throw e;
      }
      return keepFailed(against.apply(e).orElseThrow(() -> e), fault(e), Map.of());
    }
    return tried.apply(chosen);
  }

  /// A fault as proofs say it.
  public static String fault(ChrysalisException e) {
    return e.code() + ": " + e.getMessage();
  }

  /// Keeps that it does not restore.
  ///
  /// @param facts what else was found
  public Proof keepFailed(SnapshotId snapshot, String fault, Map<String, String> facts) {
    Map<String, String> all = new TreeMap<>(facts);
    all.put("faults", fault);
    return keep(snapshot, Proof.Level.RESTORED, false, all);
  }

  /// Keeps what was shown, and returns it.
  public Proof keep(
      SnapshotId snapshot, Proof.Level level, boolean intact, Map<String, String> facts) {
    requireLease();
    Proof proof =
        new Proof(
            store,
            snapshot,
            level,
            intact,
            clock.instant(),
            holder.person(),
            1,
            List.of(),
            List.of(),
            facts);
    proofs.keep(proof);
    return proof;
  }

  @Override
  public void close() {
    lease.close();
  }
}
