package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.redis.agent.files.VolumeRestore;
import dev.chrysalis.redis.archive.RestoreChoice;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent redis restore`. Its result: `snapshot`, `version` of the server that wrote it, `bytes` of
/// base and log, `keys` of the base, `at`, `before` (whether this job had done it already),
/// `seconds`.
@Command(
    name = "restore",
    description =
        "Restores a base and the log behind it into an empty volume, so that a server that starts"
            + " on it is a master with exactly that. Repeat it after a crash: it begins again.")
final class RestoreCommand extends TaskCommand {
  @Mixin private VolumeOptions volume = new VolumeOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("redis");
  @Mixin private RestorePointOptions point = new RestorePointOptions();
  @Mixin private RestoreJob job = new RestoreJob();

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
      RestoreChoice choice = point.choose(vault, store);
      report.note("restoring snapshot %s to %s".formatted(choice.snapshot(), choice.at()));
      VolumeRestore.Restored restored =
          new VolumeRestore(vault, new ReportedCopy(report))
              .run(
                  job.id(environment),
                  store,
                  choice,
                  volume.target(environment, job.serverVersion()));
      return result(choice, restored, Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private static Map<String, String> result(
      RestoreChoice choice, VolumeRestore.Restored restored, Duration took) {
    Map<String, String> result = new TreeMap<>();
    result.put("snapshot", choice.snapshot().toString());
    result.put("version", choice.base().version());
    result.put("bytes", Long.toString(restored.bytes()));
    result.put("keys", Long.toString(restored.keys()));
    result.put("at", restored.at().toString());
    result.put("before", Boolean.toString(restored.before()));
    result.put("seconds", "%d.%03d".formatted(took.toSeconds(), took.toMillisPart()));
    return result;
  }
}
