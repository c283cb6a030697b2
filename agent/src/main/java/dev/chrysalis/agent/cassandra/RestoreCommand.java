package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.NodeRestore;
import dev.chrysalis.cassandra.archive.RingBackup;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent cassandra restore`. Its result: `snapshot`, `backup`, `hostId`, `version` of the server
/// that wrote it, `taken`, `files`, `bytes`, `keptBytes`, `seconds`.
@Command(
    name = "restore",
    description =
        "Restores this node's own files into its empty folders: it comes back as the node that it"
            + " was. Repeat it after a crash: it goes on.")
final class RestoreCommand extends TaskCommand {
  @Mixin private NodeOptions node = new NodeOptions();
  @Mixin private FolderOptions folders = new FolderOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("cassandra");
  @Mixin private WorkName name = new WorkName();

  @Option(
      names = "--backup",
      paramLabel = "NAME",
      description = "the ring's backup (the newest that is whole)")
  private @Nullable String backup;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "how many files to copy at once (as many as there are cores)")
  private int threads = Runtime.getRuntime().availableProcessors();

  RestoreCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public boolean changesVolume() {
    return true;
  }

  @Override
  public Map<String, String> run(Report report) {
    long begun = System.nanoTime();
    String store = member.store(environment);
    try (Vault vault = opening.open(environment, report::note)) {
      SnapshotId snapshot = chosen(RingBackup.of(vault.snapshots(store)), member.id(environment));
      report.note("restoring snapshot " + snapshot);
      NodeRestore.Restored restored =
          new NodeRestore(vault, new ReportedCopy(report), threads)
              .run(
                  new NodeRestore.Request(
                      name.id(environment),
                      store,
                      snapshot,
                      folders.folders(environment),
                      node.node(environment)));
      return result(snapshot, restored, Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private SnapshotId chosen(List<RingBackup> backups, MemberId own) {
    RingBackup ring =
        backups.stream()
            .filter(b -> backup == null ? b.missing().isEmpty() : b.name().equals(backup))
            .reduce((_, newer) -> newer)
            .orElseThrow(() -> none(backups));
    return ring.of(own)
        .map(RingBackup.Node::snapshot)
        .orElseThrow(() ->
            new ChrysalisException(
                CassandraErrors.NO_RESTORE_POINT,
                "backup %s has no snapshot of %s".formatted(ring.name(), own),
                "nothing was touched; name another member, or another backup"));
  }

  private ChrysalisException none(List<RingBackup> backups) {
    String there =
        backups.isEmpty()
            ? "the vault has no backup of this ring"
            : "there are " + String.join(", ", backups.stream().map(RingBackup::name).toList());
    return backup == null
        ? new ChrysalisException(
            CassandraErrors.NO_RESTORE_POINT,
            "there is no backup with snapshots of all nodes",
            "nothing was touched; " + there + ": name one with --backup")
        : new ChrysalisException(
            AgentErrors.BAD_COMMAND,
            "there is no backup " + backup,
            "nothing was touched; " + there);
  }

  private static Map<String, String> result(
      SnapshotId snapshot, NodeRestore.Restored restored, Duration took) {
    Map<String, String> result = new TreeMap<>();
    result.put("snapshot", snapshot.toString());
    result.put("backup", restored.facts().backup());
    result.put("hostId", restored.facts().hostId());
    result.put("version", restored.facts().version());
    result.put("taken", restored.facts().taken().toString());
    result.put("files", Long.toString(restored.files()));
    result.put("bytes", Long.toString(restored.bytes()));
    result.put("keptBytes", Long.toString(restored.keptBytes()));
    result.put("seconds", "%d.%03d".formatted(took.toSeconds(), took.toMillisPart()));
    return result;
  }
}
