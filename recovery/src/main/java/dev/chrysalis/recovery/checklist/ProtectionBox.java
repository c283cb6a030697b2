package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.Finding;
import dev.chrysalis.recovery.ProofAge;
import dev.chrysalis.recovery.Protection;
import dev.chrysalis.recovery.ProtectionView;
import java.util.List;

/// Whether the vault gets what policy asks for again.
record ProtectionBox(Protection protection) implements Box {
  @Override
  public String name() {
    return "protection";
  }

  @Override
  public String title() {
    return "Protection runs again";
  }

  @Override
  public Stage stage() {
    return Stage.STATE;
  }

  @Override
  public Check look(Round round) {
    ProtectionView view = protection.look();
    // No recovery proves a restore point: an old proof, or a failed one, does not keep it open.
    List<String> faults =
        view.findings().stream()
            .filter(f -> !f.kind().startsWith(ProofAge.KINDS))
            .map(Finding::text)
            .toList();
    boolean nothing = view instanceof ProtectionView.Seen seen && seen.stores().isEmpty();
    return nothing
        ? Check.of(this, faults, List.of("the stack has no datastore"), List.of())
        : Check.of(this, faults, List.of(), List.of(view.summary()));
  }
}
