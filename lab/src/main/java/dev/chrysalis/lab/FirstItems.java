package dev.chrysalis.lab;

import dev.chrysalis.lab.ledger.ServiceClient;
import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.List;

/// What each service that keeps its items in a datastore is given when a lab comes up: a stack that
/// nobody has written to yet has no table to ask for after a restore, and nothing to lose.
final class FirstItems {
  /// No load and no checklist ever takes that number.
  static final long ID = Long.MAX_VALUE;

  static final String VALUE = "written when the lab came up";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private FirstItems() {}

  /// Returns when the item is there; may be repeated.
  static void write(LabService service, List<ServiceClient> members) {
    Waiting.until(
        () -> members.stream().anyMatch(FirstItems::write),
        PATIENCE,
        () -> service.word() + " takes no writes");
  }

  private static boolean write(ServiceClient member) {
    try {
      return member.write(ID, VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          LabErrors.INTERRUPTED, "interrupted while waiting for the lab", "run it again", e);
    }
  }
}
