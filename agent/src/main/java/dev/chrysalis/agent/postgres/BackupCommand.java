package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.agent.files.BaseBackup;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres backup`. Its result: `snapshot`, `files`, `bytes`, `newBytes`, `storedBytes`,
/// `seconds`, and the snapshot's facts.
@Command(
    name = "backup",
    description =
        "Backs the server's cluster up into the vault. It is there only once the WAL that it needs"
            + " is there too.")
final class BackupCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("postgres");

  @Option(
      names = "--spread-checkpoint",
      description = "let the server take its time with the checkpoint at the beginning")
  private boolean spread;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "how many files to copy at once (as many as there are cores)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--wal-patience",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "how long to wait for the backup's WAL in the vault (300)")
  private long walPatience;

  BackupCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) throws InterruptedException {
    long begun = System.nanoTime();
    ServerConnection connection = server.connection(environment);
    String store = member.store(environment);
    MemberId id = member.id(environment);
    BaseBackup.Request request =
        new BaseBackup.Request(store, id, data.directory(environment), !spread);
    try (Vault vault = opening.open(environment, report::note);
        BackupShipping shipping =
            BackupShipping.begin(
                connection, vault, store, id, Duration.ofSeconds(walPatience), report)) {
      Snapshot snapshot =
          new BaseBackup(connection, vault, shipping, new ReportedCopy(report), threads)
              .run(request);
      return result(snapshot, Duration.ofNanos(System.nanoTime() - begun));
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
