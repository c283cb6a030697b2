package dev.chrysalis.cli.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.chrysalis.cassandra.control.RestorePoints.Point;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.recovery.cassandra.CassandraStore;
import dev.chrysalis.recovery.cassandra.RingProofs;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.util.Collection;
import java.util.List;

/// The restore points of a Cassandra ring, as `restore-points` shows them.
record RingPoints(List<Proved> all) {
  /// A restore point with a proof of each level; in JSON the point's fields stand beside them.
  record Proved(@JsonUnwrapped Point point, int nodes, Collection<Proof> proofs) {}

  static RingPoints of(CassandraStore ring, Proofs kept) {
    RingProofs proofs = new RingProofs(kept, ring.declared().name());
    return new RingPoints(
        ring.points().all().stream().map(p -> new Proved(p, p.nodes(), proofs.of(p))).toList());
  }

  String text() {
    if (all.isEmpty()) {
      return "Nothing can be restored.\n";
    }
    Columns columns = new Columns().row("BACKUP", "NODES", "FROM", "TO", "MB", "MISSING", "PROOFS");
    for (Proved proved : all) {
      Point p = proved.point();
      columns.row(
          p.backup(),
          Integer.toString(p.nodes()),
          p.from().toString(),
          p.to().toString(),
          Long.toString(p.bytes() / 1_000_000),
          p.missingPacks() == 0 ? "" : p.missingPacks() + " packs",
          RestorePointsCommand.shown(proved.proofs()));
    }
    return columns.toString();
  }
}
