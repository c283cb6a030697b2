package dev.chrysalis.cassandra.control;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.Release;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What the controller asks of the vault's snapshots and logs of a ring. Every call looks anew.
public interface RestorePoints {
  /// All moments at which a backup of each node of the ring was there, oldest first, each with the
  /// newest moment to which all nodes together can be brought from it.
  List<Point> all();

  /// What reaches the newest moment; empty where nothing can be restored.
  Optional<Point> newest();

  /// All that was acknowledged at QUORUM by then can be brought back; empty where nothing can.
  Optional<Instant> recoveryPoint();

  /// By member, what there is of that node alone: one that ships nothing, or is left out of
  /// backups, hides behind the others. Empty where nothing can be brought back.
  Map<MemberId, Held> held();

  /// The same of one member.
  Optional<Instant> recoveryPoint(MemberId member);

  /// The host ids of all nodes that the ring ever had, as far as the vault has snapshots of them;
  /// not those of a ring that came up empty in its place.
  Set<String> hostIds();

  /// The members whose newest snapshot has SSTables that are not what the server wrote.
  Set<MemberId> damaged();

  /// The host id that a member had when it was seen last; empty where the vault has nothing of it.
  Optional<String> hostId(MemberId member);

  /// What brings every node of the ring to a moment. `NO_RESTORE_POINT` or `OUT_OF_WINDOW` where
  /// nothing does, for one node or for all.
  ///
  /// @param to empty for all that the vault has of each node
  Chosen choose(Optional<Instant> to);

  /// What a backup of that name has of each node, without logs; of one that only some nodes have,
  /// what there was of the others by then. `NO_RESTORE_POINT` where there is none of all nodes.
  Chosen ofBackup(String backup);

  /// The same of the backup that a snapshot is a part of. `VaultErrors.NO_SUCH_SNAPSHOT` where
  /// there is none of that name, or where a newer backup has that of its own.
  Chosen ofSnapshot(String snapshot);

  /// The name of the newest snapshot of any node, also where it cannot be restored, or not even be
  /// read.
  Optional<String> newestSnapshot();

  /// What there is of a node.
  ///
  /// @param taken when its newest snapshot was
  /// @param acknowledged all that it acknowledged by then can be brought back
  record Held(Instant taken, Instant acknowledged) {}

  /// A point from which the ring can be restored.
  ///
  /// @param backup its name: that of the ring's backup, or of the one node's that made it whole
  /// @param from the first moment to which it can be brought
  /// @param to the newest moment that the logs behind it reach; `from` where one stands alone
  /// @param snapshots one of each node
  /// @param bytes of all nodes' snapshots
  /// @param missingPacks how many of the snapshots' packs the vault does not hold
  record Point(
      String backup,
      String version,
      Instant from,
      Instant to,
      List<String> snapshots,
      long bytes,
      int missingPacks) {
    public Point {
      snapshots = List.copyOf(snapshots);
    }

    /// How many nodes it has.
    public int nodes() {
      return snapshots.size();
    }
  }

  /// @param at the moment that is reached: all that was acknowledged by then is there
  /// @param to the moment that was asked for, where the servers are to end; empty for all that
  ///   there is
  /// @param parts by member
  /// @param behind the nodes of which there is less than of the others
  record Chosen(Instant at, Optional<Instant> to, Map<MemberId, Part> parts, List<Behind> behind) {
    public Chosen {
      parts = Map.copyOf(parts);
      behind = List.copyOf(behind);
    }

    /// Refuses a moment with fractions of a second where a node's release knows none: it would end
    /// too early.
    public void requireReadable() {
      if (to.isEmpty() || to.get().equals(to.get().truncatedTo(ChronoUnit.SECONDS))) {
        return;
      }
      for (Part part : parts.values()) {
        if (!Release.takesFractions(part.version())) {
          throw new ChrysalisException(
              CassandraErrors.BAD_SETTING,
              "Cassandra %s knows only whole seconds, and not %s"
                  .formatted(part.version(), to.get()),
              "nothing was touched; name a whole second");
        }
      }
    }
  }

  /// A node whose log ended before those of the others. What it lacks they have.
  ///
  /// @param asOf all that it acknowledged by then is there
  /// @param sameTables whether its tables are those of the others: if not, rows may come back that
  ///   were dropped or truncated since
  record Behind(MemberId member, Instant asOf, boolean sameTables) {
    /// Several of them in words.
    static String text(List<Behind> nodes) {
      return nodes.stream()
          .map(node ->
              node.member
                  + " up to "
                  + node.asOf
                  + (node.sameTables ? "" : ", with tables of then"))
          .collect(Collectors.joining("; "));
    }
  }

  /// What one node is restored from.
  ///
  /// @param backup the name of the backup that the snapshot was taken for
  /// @param log the stretch of its log as its agent is told of it: `STREAM:FROM-UNTIL`; empty for
  ///   the snapshot alone
  /// @param bytes of both, as they lie on a volume
  record Part(
      String snapshot,
      String backup,
      String hostId,
      String version,
      Optional<String> log,
      long bytes,
      int missingPacks) {
    /// As an agent is told of it: `SNAPSHOT[,STREAM:FROM-UNTIL]`.
    public String text() {
      return snapshot + log.map(stretch -> "," + stretch).orElse("");
    }
  }
}
