package dev.chrysalis.cassandra.agent.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.SegmentFiles;
import dev.chrysalis.cassandra.archive.LogStretch;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
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
/// Scratch space: the logs of all nodes, and that of the largest once more.
public final class TablesAtMoment implements LoadSource {
  private static final TableName LOCAL = new TableName("system", "local");
  private static final int PRIVATE = 0700;

  private final Vault vault;
  private final SnapshotTables snapshots;
  private final SortedMap<MemberId, LogStretch> logs;
  private final Optional<Instant> moment;
  private final SortedMap<TableName, Long> tables;
  private final Map<TableName, List<Path>> logged = new HashMap<>();

  /// @param logs of the nodes that are not of their snapshot alone
  /// @param moment what was written later is left out; empty for all that the logs have
  public TablesAtMoment(
      Vault vault,
      SnapshotTables snapshots,
      Map<MemberId, LogStretch> logs,
      Optional<Instant> moment) {
    this.vault = vault;
    this.snapshots = snapshots;
    this.logs = new TreeMap<>(logs);
    this.moment = moment;
    this.tables = new TreeMap<>(snapshots.tables());
  }

  @Override
  public void prepare(
      LoadRequest request, LoadProcess loader, ScratchSpace scratch, CopyProgress progress) {
    Set<TableName> wanted = wanted(request);
    requireRoom(scratch);
    for (Map<String, ?> known : keyspaces(wanted)) {
      JsonNode _ = loader.ask(known, progress);
    }
    Path all = scratch.empty("log");
    logs.forEach((member, log) -> {
      Path into = all.resolve(member.toString());
      JsonNode read =
          scratch.with(folder -> loader.ask(replay(member, log, wanted, folder, into), progress));
      progress.note(
          "log of %s: %d updates of these tables, %d later mutations left out"
              .formatted(member, read.path("updates").asLong(), read.path("later").asLong()));
      add(into);
    });
  }

  private Set<TableName> wanted(LoadRequest request) {
    return Stream.concat(
            snapshots.schema().tables().stream(),
            snapshots.tables().keySet().stream().filter(TableName::isOfRoles))
        .filter(request::wants)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void requireRoom(ScratchSpace scratch) {
    long all = 0;
    long largest = 0;
    for (LogStretch log : logs.values()) {
      long bytes = log.bytes(vault);
      all += bytes;
      largest = Math.max(largest, bytes);
    }
    scratch.require(all + largest);
  }

  /// The statements of whole keyspaces: one mutation may be of several tables, and is read only
  /// where all of them are known.
  private List<Map<String, ?>> keyspaces(Set<TableName> wanted) {
    RingSchema schema = snapshots.schema();
    List<Map<String, ?>> keyspaces = new ArrayList<>();
    Set<String> names =
        wanted.stream()
            .filter(name -> !name.isOfServer())
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

  private Map<String, ?> replay(
      MemberId member, LogStretch log, Set<TableName> wanted, Path folder, Path into) {
    Path segments = folder.resolve("segments");
    try {
      PrivateFiles files = PrivateFiles.likeNearest(folder);
      files.directories(segments, PRIVATE);
      files.directories(into, PRIVATE);
      long _ = SegmentFiles.write(vault, log, segments, files, CopyProgress.silent());
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot write into", folder, e, "look at the folder for scratch: --scratch");
    }
    Map<String, Object> request = new HashMap<>();
    request.put("do", "replay");
    request.put("segments", segments.toString());
    request.put("local", texts(snapshots.fetch(member, LOCAL, folder.resolve("local"))));
    request.put("tables", wanted.stream().map(TableName::toString).toList());
    moment.ifPresent(at -> request.put("until", ChronoUnit.MICROS.between(Instant.EPOCH, at)));
    request.put("into", into.toString());
    return request;
  }

  private static List<String> texts(List<Path> paths) {
    return paths.stream().map(Path::toString).toList();
  }

  private void add(Path log) {
    try (Stream<Path> folders = Files.list(log)) {
      for (Path folder : (Iterable<Path>) folders::iterator) {
        TableName name = TableName.parse(String.valueOf(folder.getFileName()));
        logged.computeIfAbsent(name, _ -> new ArrayList<>()).add(folder);
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : (Iterable<Path>) files::iterator) {
            tables.merge(name, Files.size(file), Long::sum);
          }
        }
      }
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot look at", log, e, "look at the folder for scratch: --scratch");
    }
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
