package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.job.LockFile;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.postgres.agent.files.InPlaceRestore;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalSpool;
import dev.chrysalis.vault.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres end-recovery`. A server asks for the histories of later timelines before it ends
/// recovery; where no feeder is at work any more, as after a reboot, this command is the feeder.
/// What a restore in place kept is removed afterwards: it was of use until the server was started.
@Command(
    name = "end-recovery",
    description =
        "Ends the recovery of a server that stands still at its target; then it takes writes on a"
            + " timeline of its own. Refused while replay goes on.")
final class EndRecoveryCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("postgres");
  @Mixin private FeedSpool spool = new FeedSpool();

  @Option(names = "--patience", paramLabel = "SECONDS", defaultValue = "300")
  private long patience;

  EndRecoveryCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) throws InterruptedException {
    Map<String, String> ended = end(report);
    try {
      InPlaceRestore.forgetUseless(data.directory(environment));
    } catch (IOException e) {
      report.note("what a restore in place kept (chrysalis-undo) is not removed: " + e);
    }
    return ended;
  }

  private Map<String, String> end(Report report) throws InterruptedException {
    RecoveryControl control =
        new RecoveryControl(server.connection(environment), Duration.ofSeconds(patience));
    if (!spool.keepsWaiting(environment) || control.takesWrites()) {
      return control.endRecovery(report);
    }
    Optional<LockFile> sign = spool.sign(environment);
    try {
      return sign.isPresent() ? fed(control, report) : control.endRecovery(report);
    } finally {
      sign.ifPresent(LockFile::release);
    }
  }

  private Map<String, String> fed(RecoveryControl control, Report report)
      throws InterruptedException {
    Path directory = data.directory(environment);
    Optional<FeedSpool.Plan> plan = spool.plan(environment, directory);
    if (plan.isEmpty()) {
      return control.endRecovery(report);
    }
    report.note("nobody feeds the server: feeding it until recovery has ended");
    try (Vault vault = opening.open(environment, report::note)) {
      WalSpool there = spool.install(environment, directory);
      WalArchive archive = new WalArchive(vault, member.store(environment));
      Map<String, String> ended;
      try (FeederThread _ = new FeederThread(archive, there, plan.get(), report)) {
        ended = control.endRecovery(report);
      }
      there.idle();
      return ended;
    }
  }
}
