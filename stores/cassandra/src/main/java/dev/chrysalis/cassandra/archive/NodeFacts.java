package dev.chrysalis.cassandra.archive;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What the snapshot of one node says of itself, kept as its facts under the names of these
/// components. The snapshots of a ring that belong together carry the same `backup`.
///
/// @param member the node's member
/// @param backup the name of the backup of the ring that it is a part of
/// @param cluster the cluster's name, without which no node of it starts on these files
/// @param hostId the node's name in the ring
/// @param ring the host ids of all nodes that the node knew then, its own among them
/// @param version of the server: `5.0.9`
/// @param schemaVersion the schema that the node had
/// @param begun when the server was told to take its snapshot, by the agent's clock
/// @param taken when it had: everything that was acknowledged before `begun` is in it, nothing that
///   was written after `taken`
/// @param log the stream of the node's log that was shipped then (`LogName.stream`), and goes on
///   behind it; empty where there was none: the snapshot stands alone
/// @param spare what the ring can do without when it is restored
/// @param userBytes of the tables that are not the server's own; -1 where that is not known
/// @param damaged how many SSTables are not what the server wrote
/// @param damagedFiles some of them
public record NodeFacts(
    MemberId member,
    String backup,
    String cluster,
    String hostId,
    Set<String> ring,
    String version,
    String schemaVersion,
    String datacenter,
    String rack,
    Instant begun,
    Instant taken,
    Optional<String> log,
    Spare spare,
    long userBytes,
    int damaged,
    List<String> damagedFiles) {
  private static final Pattern BACKUP = Pattern.compile("[a-z0-9][a-z0-9-]{0,79}");

  public NodeFacts {
    requireBackup(backup);
    ring = Set.copyOf(ring);
    damagedFiles = List.copyOf(damagedFiles);
    if (!ring.contains(hostId)) {
      throw new IllegalArgumentException("node " + hostId + " is not in its own ring " + ring);
    }
  }

  /// Refuses what is no name of a backup: `IllegalArgumentException`.
  public static String requireBackup(String name) {
    if (!BACKUP.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a backup's name has small letters, digits and dashes: " + name);
    }
    return name;
  }

  public Map<String, String> toMap() {
    Map<String, String> map = new TreeMap<>();
    map.put("member", member.toString());
    map.put("backup", backup);
    map.put("cluster", cluster);
    map.put("hostId", hostId);
    map.put("ring", String.join(",", new TreeSet<>(ring)));
    map.put("version", version);
    map.put("schemaVersion", schemaVersion);
    map.put("datacenter", datacenter);
    map.put("rack", rack);
    map.put("begun", begun.toString());
    map.put("taken", taken.toString());
    map.put("log", log.orElse(""));
    spare.put(map);
    map.put("userBytes", Long.toString(userBytes));
    map.put("damaged", Integer.toString(damaged));
    map.put("damagedFiles", String.join(",", damagedFiles));
    return map;
  }

  /// Reads a snapshot's facts. `NO_RESTORE_POINT` where they are not those of a node.
  public static NodeFacts fromMap(Map<String, String> map) {
    try {
      return new NodeFacts(
          MemberId.parse(of(map, "member")),
          of(map, "backup"),
          of(map, "cluster"),
          of(map, "hostId"),
          Set.copyOf(list(map, "ring")),
          of(map, "version"),
          of(map, "schemaVersion"),
          of(map, "datacenter"),
          of(map, "rack"),
          Instant.parse(of(map, "begun")),
          Instant.parse(of(map, "taken")),
          Optional.of(map.getOrDefault("log", "")).filter(log -> !log.isEmpty()),
          Spare.in(map),
          Long.parseLong(map.getOrDefault("userBytes", "-1")),
          Integer.parseInt(of(map, "damaged")),
          list(map, "damagedFiles"));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ChrysalisException(
          CassandraErrors.NO_RESTORE_POINT,
          "the snapshot's facts are not those of a Cassandra node: " + e.getMessage(),
          "choose another snapshot",
          e);
    }
  }

  private static List<String> list(Map<String, String> map, String key) {
    String text = of(map, key);
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(","));
  }

  private static String of(Map<String, String> map, String key) {
    String value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + key);
    }
    return value;
  }
}
