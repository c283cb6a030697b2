package dev.chrysalis.recovery;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.recovery.store.ProtectedStore;
import dev.chrysalis.recovery.store.StoreProtection;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Protection of a whole stack as the vault shows it at this moment: nobody's word is taken for it.
public final class VaultProtection implements Protection {
  private final String stack;
  private final List<? extends ProtectedStore> stores;
  private final Proofs proofs;
  private final Optional<VaultCopies> copies;
  private final Clock clock;

  /// @param stack its name
  /// @param copies of the copy that is to be kept; empty where none is
  public VaultProtection(
      String stack,
      List<? extends ProtectedStore> stores,
      Proofs proofs,
      Optional<VaultCopies> copies,
      Clock clock) {
    this.stack = stack;
    this.stores = List.copyOf(stores);
    this.proofs = proofs;
    this.copies = copies;
    this.clock = clock;
  }

  @Override
  public ProtectionView look() {
    try {
      List<StoreProtection> seen = new ArrayList<>();
      List<Finding> findings = new ArrayList<>();
      for (ProtectedStore store : stores) {
        StoreProtection protection = store.protection();
        seen.add(protection);
        protection.faults().forEach(f -> findings.add(finding(f)));
        findings.addAll(proofs(store));
      }
      copies.flatMap(copy -> copy.finding(clock.instant())).ifPresent(findings::add);
      return new ProtectionView.Seen(seen, findings);
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      return new ProtectionView.Unreadable(
          stack, e.code(), String.valueOf(e.getMessage()), e.hint());
    }
  }

  private List<Finding> proofs(ProtectedStore protectedStore) {
    Datastore store = protectedStore.declared();
    try {
      return ProofAge.of(store, proofs, clock.instant()).stream()
          .flatMap(proof -> proof.finding(protectedStore::oldest).stream())
          .toList();
    } catch (ChrysalisException e) {
      if (e.code().category() != Category.DAMAGED) {
        throw e;
      }
      // The data may be well all the same: only what is known of its proofs is not.
      String text = "%s: a proof cannot be read: %s".formatted(store.name(), e.getMessage());
      return List.of(
          new Finding(
              ProofAge.KINDS + "unreadable", Severity.WARNING, store.name(), text, Map.of()));
    }
  }

  private Finding finding(String fault) {
    return new Finding("protection", Severity.WARNING, stack, fault, Map.of());
  }
}
