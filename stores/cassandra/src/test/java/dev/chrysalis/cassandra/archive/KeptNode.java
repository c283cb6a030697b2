package dev.chrysalis.cassandra.archive;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A node of a ring as snapshots of it say that it is.
///
/// @param host its host id
/// @param ring the host ids of all nodes that it knows
/// @param spare as `NodeFacts.spare`
/// @param schema the version of its schema
record KeptNode(MemberId member, String host, Set<String> ring, Spare spare, String schema) {
  KeptNode(MemberId member, String host, Set<String> ring) {
    this(member, host, ring, Spare.NONE, "s");
  }

  /// Keeps a snapshot without files that took a second.
  SnapshotId snapshot(
      Vault vault, String backup, Instant begun, Optional<String> log, long userBytes) {
    NodeFacts facts =
        new NodeFacts(
            member,
            backup,
            "butterfly",
            host,
            ring,
            "5.0.9",
            schema,
            "dc1",
            "rack1",
            begun,
            begun.plusSeconds(1),
            log,
            spare,
            userBytes,
            0,
            List.of());
    try (SnapshotWriter writer = vault.beginSnapshot("cassandra")) {
      return writer.commit(facts.toMap()).id();
    }
  }
}
