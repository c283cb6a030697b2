package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.agent.files.VolumeRestore;
import dev.chrysalis.redis.agent.keys.KeyRestore;
import dev.chrysalis.redis.agent.keys.ScratchServer;
import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.redis.archive.RestoreChoice;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent redis restore-keys`. Its result: `snapshot`, `at`, `restored`, `there` (keys that were
/// left alone, since there was one of that name).
@Command(
    name = "restore-keys",
    description =
        "Restores the keys of a pattern beside the living data, under another prefix. The restore"
            + " point is loaded by a server of its own on this machine, which needs disk and memory"
            + " for all of it. Run it beside the master.")
final class RestoreKeysCommand extends TaskCommand {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("redis");
  @Mixin private RestorePointOptions point = new RestorePointOptions();
  @Mixin private RestoreJob job = new RestoreJob();

  @Option(
      names = "--match",
      required = true,
      paramLabel = "PATTERN",
      description = "which keys, as KEYS takes it: session:*")
  private String match = "";

  @Option(
      names = "--as-prefix",
      defaultValue = "",
      paramLabel = "PREFIX",
      description = "put before each name: restored: (nothing: only what is missing is restored)")
  private String prefix = "";

  @Option(names = "--replace", description = "overwrite keys that are there")
  private boolean replace;

  @Mixin private ScratchOptions scratch = new ScratchOptions();

  RestoreKeysCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    KeyRestore.KeyPattern pattern = pattern();
    String store = member.store(environment);
    RedisConnection living = new RedisConnection(server.server(environment), TIMEOUT);
    living.open().close();
    try (Vault vault = opening.open(environment, report::note);
        ScratchServer loading = scratch.server(environment, job.id(environment))) {
      RestoreChoice choice = point.choose(vault, store);
      VolumeRestore.Restored _ =
          new VolumeRestore(vault, new ReportedCopy(report))
              .run(job.id(environment), store, choice, loading.target());
      loading.start((done, total) -> report.progress("loading the restore point", done, total));
      KeyRestore.Copied copied =
          new KeyRestore(loading.connection(), living)
              .run(pattern, done -> report.progress("restoring keys", done, 0));
      return Map.of(
          "snapshot", choice.snapshot().toString(),
          "at", choice.at().toString(),
          "restored", Long.toString(copied.restored()),
          "there", Long.toString(copied.there()));
    }
  }

  private KeyRestore.KeyPattern pattern() {
    try {
      return new KeyRestore.KeyPattern(match, prefix, replace);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND,
          String.valueOf(e.getMessage()),
          "name the keys: --match 'session:*'",
          e);
    }
  }
}
