package dev.chrysalis.recovery.postgres;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.postgres.control.MemberView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Replication slots of ours on a primary that nobody reads and that keep much WAL, or have lost
/// it: a standby or a shipper is away. Pure.
final class IdleSlots {
  private static final String OURS = "chrysalis_";

  /// Below that a reader that is away for a moment is no news.
  private static final long MUCH = 256L << 20;

  private IdleSlots() {}

  static List<Finding> of(MemberView view) {
    if (view.condition() != MemberView.Condition.SERVING_PRIMARY) {
      return List.of();
    }
    Map<String, String> status = view.status();
    List<Finding> findings = new ArrayList<>();
    int slots = Integer.parseInt(status.getOrDefault("slots", "0"));
    for (int i = 0; i < slots; i++) {
      String slot = "slot." + i + ".";
      String name = status.getOrDefault(slot + "name", "");
      String wal = status.getOrDefault(slot + "walStatus", "");
      long kept = Long.parseLong(status.getOrDefault(slot + "retainedBytes", "0"));
      boolean idle = "false".equals(status.get(slot + "active"));
      boolean lost = wal.equals("unreserved") || wal.equals("lost");
      if (name.startsWith(OURS) && idle && (lost || kept > MUCH)) {
        findings.add(finding(view, name, lost, kept));
      }
    }
    return findings;
  }

  private static Finding finding(MemberView view, String name, boolean lost, long kept) {
    String text =
        lost
            ? "%s: slot %s is not read and has lost WAL: its reader must be rebuilt"
                .formatted(view.id(), name)
            : "%s: slot %s is not read and keeps %d MB of WAL"
                .formatted(view.id(), name, kept / 1_000_000);
    return new Finding(
        "slot-idle",
        Severity.WARNING,
        view.id().toString(),
        text,
        Map.of("slot", name, "retainedBytes", Long.toString(kept)));
  }
}
