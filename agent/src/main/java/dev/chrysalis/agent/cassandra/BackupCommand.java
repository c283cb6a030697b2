package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.cassandra.agent.files.NodeBackup;
import dev.chrysalis.cassandra.agent.server.NodeConnection;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent cassandra backup`. Its result: `snapshot`, `files`, `bytes`, `newBytes`, `storedBytes`,
/// `seconds`, and the facts of the node's snapshot.
@Command(
    name = "backup",
    description =
        "Takes a snapshot of this node into the vault. Those of all nodes that carry the same name"
            + " are one backup of the ring: start them at the same moment.")
final class BackupCommand extends TaskCommand {
  @Mixin private NodeOptions node = new NodeOptions();
  @Mixin private FolderOptions folders = new FolderOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = MemberOptions.ofRing("cassandra");

  @Option(
      names = "--backup",
      paramLabel = "NAME",
      required = true,
      description = "the name of the ring's backup that this is a part of")
  private String backup = "";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "how many files to copy at once (as many as there are cores)")
  private int threads = Runtime.getRuntime().availableProcessors();

  BackupCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    long begun = System.nanoTime();
    NodeConnection connection = node.connection(environment);
    NodeBackup.Request request = request();
    try (Vault vault = opening.open(environment, report::note)) {
      Snapshot snapshot =
          new NodeBackup(connection, vault, new ReportedCopy(report), Clock.systemUTC(), threads)
              .run(request);
      return result(snapshot, Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private NodeBackup.Request request() {
    try {
      return new NodeBackup.Request(
          member.store(environment),
          member.id(environment),
          backup,
          folders.folders(environment),
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND,
          String.valueOf(e.getMessage()),
          "give --backup a name as nightly-20261127",
          e);
    }
  }

  private static Map<String, String> result(Snapshot snapshot, Duration took) {
    Map<String, String> result = new TreeMap<>(snapshot.facts());
    result.put("snapshot", snapshot.id().toString());
    result.put("files", Long.toString(snapshot.files()));
    result.put("bytes", Long.toString(snapshot.bytes()));
    result.put("newBytes", Long.toString(snapshot.newBytes()));
    result.put("storedBytes", Long.toString(snapshot.storedBytes()));
    result.put("seconds", "%d.%03d".formatted(took.toSeconds(), took.toMillisPart()));
    return result;
  }
}
