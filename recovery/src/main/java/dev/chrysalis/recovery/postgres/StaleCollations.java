package dev.chrysalis.recovery.postgres;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.postgres.control.MemberView;
import java.util.Map;
import java.util.Optional;

/// Databases that were made with another version of a collation library than their server has, as
/// after a restore on another system: rows are there, and indexes on text may not find them. Pure.
/// A standby has the catalog of its primary, and may have a library of its own.
final class StaleCollations {
  private StaleCollations() {}

  static Optional<Finding> of(MemberView view) {
    return Optional.ofNullable(view.status().get("collation.stale"))
        .map(stale ->
            new Finding(
                "collation-stale",
                Severity.WARNING,
                view.id().toString(),
                ("%s sorts text otherwise than when its indexes were made (%s): REINDEX DATABASE, then"
                        + " ALTER DATABASE … REFRESH COLLATION VERSION")
                    .formatted(view.id(), stale),
                Map.of("collation.stale", stale)));
  }
}
