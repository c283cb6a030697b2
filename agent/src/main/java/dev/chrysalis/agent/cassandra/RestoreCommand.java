package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.cassandra.agent.files.NodeRestore;
import dev.chrysalis.cassandra.agent.files.ReplaySettings;
import dev.chrysalis.cassandra.archive.NodeFacts;
import dev.chrysalis.cassandra.archive.NodePoint;
import dev.chrysalis.vault.Vault;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent cassandra restore`. Its result: `snapshot`, `backup`, `hostId`, `version` of the server
/// that wrote it, `taken`, `asOf` (the moment that was asked for, else the one up to which the log
/// reaches), `files`, `bytes`, `keptBytes`, `seconds`.
@Command(
    name = "restore",
    description =
        "Restores this node's own files into its empty folders: it comes back as the node that it"
            + " was. Repeat it after a crash: it goes on.")
final class RestoreCommand extends TaskCommand {
  @Mixin private NodeOptions node = new NodeOptions();
  @Mixin private FolderOptions folders = new FolderOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = MemberOptions.ofRing("cassandra");
  @Mixin private WorkName name = new WorkName();

  @Mixin private TargetOptions target = new TargetOptions();

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
      NodePoint point = target.choose(vault, store, member.id(environment), environment);
      report.note(
          "restoring snapshot %s, and its log up to %s".formatted(point.snapshot(), point.asOf()));
      noteDamage(point.facts(), report);
      Optional<ReplaySettings> replay = replay(point, vault, report);
      NodeRestore.Restored restored =
          new NodeRestore(vault, new ReportedCopy(report), threads)
              .run(
                  new NodeRestore.Request(
                      name.id(environment),
                      store,
                      point.snapshot(),
                      point.log(),
                      replay,
                      folders.folders(environment),
                      node.node(environment)));
      return result(point, restored, Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  /// What is damaged comes back as it was: whether others have its rows only a person can tell.
  private static void noteDamage(NodeFacts facts, Report report) {
    if (facts.damaged() > 0) {
      report.note(
          "%d SSTables were not what the server wrote when this snapshot was taken, among them %s:"
                  .formatted(facts.damaged(), String.join(", ", facts.damagedFiles()))
              + " they come back so; the next backup finds them (tables-damaged)");
    }
  }

  private Optional<ReplaySettings> replay(NodePoint point, Vault vault, Report report) {
    boolean overChange = point.leadsOverChange(vault);
    Optional<ReplaySettings> replay = target.target(environment, overChange);
    // Where only a hint would be lost nothing is to fail for it, after hours of copying.
    boolean readOnly =
        replay
            .filter(r -> r.moment().isEmpty() && !Files.isWritable(r.configuration()))
            .isPresent();
    if (readOnly) {
      replay = Optional.empty();
    }
    if (overChange) {
      report.note(
          "the schema changed behind the snapshot: "
              + (replay.isPresent()
                  ? "the server passes over writes that do not fit its tables, and names them"
                  : "where the server does not start, add ignorereplayerrors for one start:"
                      + " -Dcassandra.commitlog.ignorereplayerrors=true"));
    }
    return replay;
  }

  private static Map<String, String> result(
      NodePoint point, NodeRestore.Restored restored, Duration took) {
    Map<String, String> result = new TreeMap<>();
    result.put("snapshot", point.snapshot().toString());
    point.log().ifPresent(log -> result.put("log", log.text()));
    result.put("asOf", restored.asOf().toString());
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
