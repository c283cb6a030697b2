package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Finding;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.ServerSettings;
import dev.chrysalis.cassandra.agent.server.NodeSession;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent cassandra check`, beside a running node. A login that is refused, or silence, is told as
/// the error that it is.
@Command(
    name = "check",
    description = "Looks for settings and missing rights that would hurt a backup or a recovery.")
final class CheckCommand extends TaskCommand {
  @Mixin private NodeOptions node = new NodeOptions();
  @Mixin private FolderOptions folders = new FolderOptions();
  @Mixin private RingOptions ring = new RingOptions();

  @Option(
      names = "--sync-period",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "how often the server is taken to sync its log (default: ${DEFAULT-VALUE}; the stack"
              + " file's syncPeriod)")
  private long syncSeconds;

  CheckCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    List<Finding> findings = new ArrayList<>();
    checkNode(findings);
    checkLoader(findings);
    ring.configuration()
        .folderIfSet(environment)
        .ifPresentOrElse(
            folder -> checkConfiguration(folder, findings),
            () ->
                findings.add(
                    new Finding(
                        false,
                        "CASSANDRA_CONF is not set",
                        "without it there is no restore to a moment, and no replacement of a node")));
    return Finding.tell(findings, CassandraErrors.BAD_SETTING, report);
  }

  private void checkNode(List<Finding> findings) {
    try (NodeSession session = node.connection(environment).open()) {
      int told = folders.folders(environment).data().size();
      if (Set.copyOf(session.dataDirectories()).size() != told) {
        findings.add(
            new Finding(
                true,
                "the server has tables in " + session.dataDirectories(),
                "name all of them, in its order: CASSANDRA_DATA"));
      }
      if (session.hintWindow().isEmpty()) {
        findings.add(
            new Finding(
                false,
                "hinted handoff is off",
                "whoever was away for a moment is repaired; set hinted_handoff_enabled"));
      }
    }
  }

  /// What loads and compares tables, and its login: it is started, and logs in.
  private void checkLoader(List<Finding> findings) {
    JobId job = new JobId("check-" + ProcessHandle.current().pid());
    try {
      boolean _ = ring.with(job, environment, (_, _) -> true);
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      findings.add(
          new Finding(
              false,
              "no table can be loaded, nor a restore be compared: " + e.getMessage(),
              e.hint()));
    }
  }

  private void checkConfiguration(Path folder, List<Finding> findings) {
    if (!Files.isWritable(folder)) {
      findings.add(
          new Finding(
              true,
              "the agent may not write into " + folder,
              "a restore to a moment and a replacement are written there"));
    }
    ServerSettings settings = ServerSettings.read(folder);
    Optional<String> host = Optional.of(node.node(environment).host());
    if (settings.otherSeeds(host.stream().toList()).isEmpty()) {
      findings.add(
          new Finding(
              false,
              "its list of seeds names nobody else: " + settings.seeds(),
              "it cannot take the place of a node that is gone"));
    }
    if (!settings.snapshotsTruncated()) {
      findings.add(
          new Finding(
              false,
              "auto_snapshot is off: nothing tells of a table that was truncated",
              "take a backup after a TRUNCATE: a restore over it would bring the rows back"));
    }
    settings
        .syncPeriod()
        .filter(period -> period.compareTo(Duration.ofSeconds(syncSeconds)) > 0)
        .ifPresent(period ->
            findings.add(
                new Finding(
                    true,
                    "the server syncs its log every %d s, and %d s is what recovery reckons with"
                        .formatted(period.toSeconds(), syncSeconds),
                    "say it in the stack file: syncPeriod; until then the vault promises writes that"
                        + " it may not have")));
    for (String left : settings.leftOvers()) {
      findings.add(
          new Finding(
              true,
              left + " still holds what was written for one start of the server",
              "chrysalis agent cassandra started"));
    }
  }
}
