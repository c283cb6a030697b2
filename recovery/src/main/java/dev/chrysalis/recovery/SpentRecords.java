package dev.chrysalis.recovery;

import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.checklist.errors.Baselines;
import dev.chrysalis.recovery.services.ReplicaRecords;
import dev.chrysalis.recovery.store.StoreLogs;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.ErasingBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Small records of which there are many, and that nobody reads any more: signs of life of leases
/// that are over, words of shippers that nothing had been written, old counts of errors and old
/// numbers of members. Without this a vault would hold millions of them after some years. Whoever
/// wants to know finds the newest ones only, so that these may go at any time, in any order.
public final class SpentRecords {
  /// Readers look at marks of two days; clocks may differ.
  private static final Duration MARKS_STAY = Duration.ofDays(4);

  private static final String RECORDS = "records/";

  private final Vault vault;
  private final Leases leases;
  private final ErasingBackend eraser;

  public SpentRecords(Vault vault, Leases leases, ErasingBackend eraser) {
    this.vault = vault;
    this.leases = leases;
    this.eraser = eraser;
  }

  /// Removes them; returns how many went. What the store's lock holds back stays.
  ///
  /// @param stack whose counts of errors and numbers of members go with them
  /// @param logs of the datastore whose shippers' marks go
  /// @param locks the names under which leases are taken
  /// @param guard asked before each; throws where nothing more may be done
  public long sweep(String stack, StoreLogs logs, List<String> locks, Instant now, Runnable guard) {
    List<String> spent = new ArrayList<>();
    locks.forEach(lock -> spent.addAll(leases.spentBeats(lock)));
    spent.addAll(logs.marksBefore(now.minus(MARKS_STAY)));
    spent.addAll(new Baselines(vault.records(), stack).spent());
    spent.addAll(new ReplicaRecords(vault.records(), stack).spent());
    long gone = 0;
    for (String key : spent) {
      guard.run();
      gone += erase(RECORDS + key) ? 1 : 0;
    }
    return gone;
  }

  private boolean erase(String key) {
    try {
      eraser.delete(key);
      return true;
    } catch (ChrysalisException e) {
      if (!e.code().equals(VaultErrors.OBJECT_LOCKED)) {
        throw e;
      }
      return false;
    }
  }
}
