package dev.chrysalis.cassandra.agent.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.SegmentFiles;
import dev.chrysalis.cassandra.archive.NodePoint;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tables of a ring as of a moment: those of its snapshots, and what the nodes' logs behind
/// these have. The log of one node after another is read with Cassandra's own classes, and made
/// into SSTables of the tables that are wanted; merged with the others they are the rows of that
/// moment.
///
/// Scratch space: the logs of all nodes, and that of the largest twice more.
public final class TablesAtMoment implements LoadSource {
  private static final TableName LOCAL = new TableName("system", "local");
  private static final int PRIVATE = 0700;

  private final Vault vault;
  private final SnapshotTables snapshots;
  private final SortedMap<MemberId, NodePoint> nodes;
  private final Optional<Instant> moment;
  private final SortedMap<TableName, Long> tables;
  private final Map<TableName, List<Path>> logged = new HashMap<>();
  private long hold = 96L << 20;
  private long passedOver;

  /// Looks through the snapshots.
  ///
  /// @param nodes of each node of the ring its snapshot, and the log behind it where that counts
  /// @param moment what was written later is left out; empty for all that the logs have
  /// @param threads how many fetch files at once
  public TablesAtMoment(
      Vault vault,
      String store,
      Map<MemberId, NodePoint> nodes,
      Optional<Instant> moment,
      int threads) {
    this.vault = vault;
    this.nodes = new TreeMap<>(nodes);
    this.moment = moment;
    Map<MemberId, SnapshotId> ids = new TreeMap<>();
    nodes.forEach((member, point) -> ids.put(member, point.snapshot()));
    this.snapshots = SnapshotTables.of(vault, store, ids, threads);
    this.tables = new TreeMap<>(snapshots.tables());
  }

  /// Has the loader hold no more than so many bytes of updates in memory.
  TablesAtMoment holding(long bytes) {
    hold = bytes;
    return this;
  }

  /// `NOT_COMPARED` where a ring that was restored to the end of its logs has other tables than
  /// these: a server that starts knows those of its snapshot, whatever its log says of them later.
  public void requireSameSchema() {
    nodes.forEach((member, node) -> {
      if (moment.isEmpty() && node.leadsOverChange(vault)) {
        throw new ChrysalisException(
            CassandraErrors.NOT_COMPARED,
            "the schema of %s changed behind its snapshot".formatted(member),
            "look at the rows by yourself, and first at the tables that changed");
      }
    });
  }

  @Override
  public void prepare(
      LoadRequest request, LoadProcess loader, ScratchSpace scratch, CopyProgress progress) {
    if (nodes.values().stream().allMatch(node -> node.log().isEmpty())) {
      return;
    }
    requireRoom(scratch);
    try {
      makeKnown(request, loader, progress);
      Path _ = scratch.empty("log");
      nodes.forEach((member, node) -> {
        if (node.log().isPresent()) {
          Path into = scratch.empty("log/" + member);
          JsonNode read =
              scratch.with(folder -> {
                fetchLog(node, folder.resolve("segments"), progress);
                return loader.ask(replay(member, node, request, folder, into), progress);
              });
          progress.note(told(member, read));
          passedOver += read.path("unfit").asLong();
          add(into);
        }
      });
    } catch (ChrysalisException e) {
      throw isOfLoader(e) ? beforeAnyTable(e) : e;
    }
  }

  /// How many writes of the logs were left out, since they do not fit the tables of the snapshots.
  long passedOver() {
    return passedOver;
  }

  /// Without a ring: makes its tables known to the loader as they were when the snapshots were
  /// taken.
  ///
  /// @return the tables of roles that it knows
  Set<TableName> describe(
      LoadRequest request, LoadProcess loader, ScratchSpace scratch, CopyProgress progress) {
    JsonNode known =
        scratch.with(folder ->
            loader.ask(
                Map.of(
                    "do",
                    "source",
                    "folders",
                    texts(snapshots.fetch(nodes.firstKey(), LOCAL, folder))),
                progress));
    makeKnown(request, loader, progress);
    Set<TableName> roles = new TreeSet<>();
    known.path("roles").forEach(name -> roles.add(TableName.parse(name.asText())));
    return roles;
  }

  private void makeKnown(LoadRequest request, LoadProcess loader, CopyProgress progress) {
    for (Map<String, ?> known : keyspaces(request)) {
      JsonNode _ = loader.ask(known, progress);
    }
  }

  private static boolean isOfLoader(ChrysalisException e) {
    return e.code().equals(CassandraErrors.LOADER_FAILED)
        || e.code().equals(CassandraErrors.LOADER_UNABLE);
  }

  private static ChrysalisException beforeAnyTable(ChrysalisException e) {
    return new ChrysalisException(
        e.code(),
        String.valueOf(e.getMessage()),
        "nothing was touched; name another moment, or do without the logs: --backup NAME",
        e);
  }

  private static String told(MemberId member, JsonNode read) {
    StringBuilder told =
        new StringBuilder(
            "log of %s: %d updates of these tables, %d later writes left out"
                .formatted(member, read.path("updates").asLong(), read.path("later").asLong()));
    if (read.path("unfit").asLong() > 0) {
      told.append(
          ", %d of after a change of the schema left out".formatted(read.path("unfit").asLong()));
    }
    if (read.path("cut").asLong() > 0) {
      told.append(", cut short by a crash %d times".formatted(read.path("cut").asLong()));
    }
    return told.toString();
  }

  private Set<TableName> wanted(LoadRequest request) {
    return snapshots.schema().tables().stream()
        .filter(request::wants)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void requireRoom(ScratchSpace scratch) {
    long all = 0;
    long largest = 0;
    for (NodePoint node : nodes.values()) {
      long bytes = node.log().map(log -> log.bytes(vault)).orElse(0L);
      all += bytes;
      largest = Math.max(largest, bytes);
    }
    scratch.require(all + 2 * largest);
  }

  /// The statements of whole keyspaces: one mutation may be of several tables, and is read only
  /// where all of them are known.
  private List<Map<String, ?>> keyspaces(LoadRequest request) {
    RingSchema schema = snapshots.schema();
    List<Map<String, ?>> keyspaces = new ArrayList<>();
    Set<String> names =
        wanted(request).stream()
            .map(TableName::keyspace)
            .collect(Collectors.toCollection(TreeSet::new));
    for (String name : names) {
      keyspaces.add(
          Map.of(
              "do",
              "know",
              "keyspace",
              name,
              "types",
              schema.makes(Statement.Kind.TYPE, name),
              "tables",
              schema.makes(Statement.Kind.TABLE, name)));
    }
    return keyspaces;
  }

  private void fetchLog(NodePoint node, Path segments, CopyProgress progress) {
    try {
      PrivateFiles files = PrivateFiles.likeNearest(segments);
      files.directories(segments, PRIVATE);
      long _ = SegmentFiles.write(vault, node.log().orElseThrow(), segments, files, progress);
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot write into", segments, e, "look at the folder for scratch: --scratch");
    }
  }

  private Map<String, ?> replay(
      MemberId member, NodePoint node, LoadRequest request, Path folder, Path into) {
    Map<String, Object> replay = new HashMap<>();
    replay.put("do", "replay");
    replay.put("segments", folder.resolve("segments").toString());
    replay.put("local", texts(snapshots.fetch(member, LOCAL, folder.resolve("local"))));
    replay.put("tables", wanted(request).stream().map(TableName::toString).toList());
    replay.put("roles", request.roles());
    replay.put("overChange", node.leadsOverChange(vault));
    moment.ifPresent(at -> replay.put("until", ChronoUnit.MICROS.between(Instant.EPOCH, at)));
    replay.put("hold", hold);
    replay.put("into", into.toString());
    return replay;
  }

  private static List<String> texts(List<Path> paths) {
    return paths.stream().map(Path::toString).toList();
  }

  /// Each table has a folder there, and each of its SSTables one in that.
  private void add(Path log) {
    for (Path folder : listed(log)) {
      TableName name = TableName.parse(String.valueOf(folder.getFileName()));
      for (Path one : listed(folder)) {
        logged.computeIfAbsent(name, _ -> new ArrayList<>()).add(one);
        for (Path file : listed(one)) {
          tables.merge(name, size(file), Long::sum);
        }
      }
    }
  }

  private static List<Path> listed(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    } catch (IOException e) {
      throw unseen(folder, e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw unseen(file, e);
    }
  }

  private static ChrysalisException unseen(Path path, IOException e) {
    return CassandraErrors.VOLUME.of(
        "cannot look at", path, e, "look at the folder for scratch: --scratch");
  }

  @Override
  public SortedMap<TableName, Long> tables() {
    return tables;
  }

  @Override
  public RingSchema schema() {
    return snapshots.schema();
  }

  @Override
  public List<Path> fetch(TableName table, Path into, CopyProgress progress) {
    List<Path> folders = new ArrayList<>(snapshots.fetch(table, into, progress));
    folders.addAll(logged.getOrDefault(table, List.of()));
    return folders;
  }
}
