package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.redis.agent.files.VolumeRestore;
import dev.chrysalis.redis.agent.keys.ScratchServer;
import dev.chrysalis.redis.archive.RestoreChoice;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent redis examine`. Its result: `snapshot`, `target` (the moment), `bytes`, `keys`,
/// `baseKeys` where the base says it, `restoredInSeconds`, `seconds`, and `faults` where there are
/// any.
@Command(
    name = "examine",
    description =
        "Tries a restore point: restores it beside the living data, lets a server of its own load"
            + " all of it, counts the keys, and removes it. It needs disk and memory for all of it;"
            + " run it beside a replica.")
final class ExamineCommand extends TaskCommand {
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("redis");
  @Mixin private RestorePointOptions point = new RestorePointOptions();
  @Mixin private RestoreJob job = new RestoreJob();
  @Mixin private ScratchOptions scratch = new ScratchOptions();

  ExamineCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    long begun = System.nanoTime();
    String store = member.store(environment);
    Map<String, String> result = new TreeMap<>();
    try (Vault vault = opening.open(environment, report::note);
        ScratchServer loading = scratch.server(environment, job.id(environment))) {
      RestoreChoice choice = point.choose(vault, store);
      VolumeRestore.Restored restored =
          new VolumeRestore(vault, new ReportedCopy(report))
              .run(job.id(environment), store, choice, loading.target());
      loading.start((done, total) -> report.progress("loading the restore point", done, total));
      result.put("restoredInSeconds", since(begun));
      result.put("snapshot", choice.snapshot().toString());
      result.put("target", choice.at().toString());
      result.put("bytes", Long.toString(restored.bytes()));
      ask(loading, choice, result);
    }
    result.put("seconds", since(begun));
    return result;
  }

  private static void ask(ScratchServer loaded, RestoreChoice choice, Map<String, String> result) {
    long keys = loaded.keys();
    long expected = choice.base().keys();
    boolean alone = choice.log().filter(s -> s.to() > s.from()).isEmpty();
    result.put("keys", Long.toString(keys));
    if (expected >= 0) {
      result.put("baseKeys", Long.toString(expected));
    }
    // Keys whose time is over are gone; a log may delete all.
    if (alone && expected > 0 && keys == 0) {
      result.put("faults", "none of the %d keys of the base came back".formatted(expected));
    }
  }

  private static String since(long begun) {
    return "%.1f".formatted(Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0);
  }
}
