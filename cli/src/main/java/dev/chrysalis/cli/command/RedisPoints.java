package dev.chrysalis.cli.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.recovery.redis.RedisStore;
import dev.chrysalis.redis.control.RestorePoints.Point;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.util.Collection;
import java.util.List;

/// The restore points of a Redis datastore, as `restore-points` shows them.
record RedisPoints(List<Proved> all) {
  /// A restore point with the newest proof of each level; in JSON the point's fields stand beside
  /// `proofs`.
  record Proved(@JsonUnwrapped Point point, Collection<Proof> proofs) {}

  static RedisPoints of(RedisStore store, Proofs proofs) {
    String name = store.declared().name();
    return new RedisPoints(
        store.points().all().stream()
            .map(p -> new Proved(p, proofs.newest(name, new SnapshotId(p.snapshot())).values()))
            .toList());
  }

  String text() {
    if (all.isEmpty()) {
      return "Nothing can be restored.\n";
    }
    Columns columns =
        new Columns().row("SNAPSHOT", "MEMBER", "FROM", "TO", "KEYS", "MB", "MISSING", "PROOFS");
    for (Proved proved : all) {
      Point p = proved.point();
      columns.row(
          p.snapshot(),
          p.member().toString(),
          p.from().toString(),
          p.to().toString(),
          p.keys() < 0 ? "" : Long.toString(p.keys()),
          Long.toString(p.bytes() / 1_000_000),
          p.missingPacks() == 0 ? "" : p.missingPacks() + " packs",
          RestorePointsCommand.shown(proved.proofs()));
    }
    return columns.toString();
  }
}
