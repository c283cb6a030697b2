package dev.chrysalis.cli.command;

import dev.chrysalis.cassandra.control.RestorePoints.Point;
import dev.chrysalis.cli.Columns;
import java.util.List;

/// The restore points of a Cassandra ring, as `restore-points` shows them.
final class RingPoints {
  private RingPoints() {}

  static String text(List<Point> all) {
    if (all.isEmpty()) {
      return "Nothing can be restored.\n";
    }
    Columns columns = new Columns().row("BACKUP", "NODES", "FROM", "TO", "MB", "MISSING");
    for (Point p : all) {
      columns.row(
          p.backup(),
          Integer.toString(p.nodes()),
          p.from().toString(),
          p.to().toString(),
          Long.toString(p.bytes() / 1_000_000),
          p.missingPacks() == 0 ? "" : p.missingPacks() + " packs");
    }
    return columns.toString();
  }
}
