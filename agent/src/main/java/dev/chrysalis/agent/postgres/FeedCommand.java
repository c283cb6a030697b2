package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.job.LockFile;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.postgres.agent.server.ServerStateReader;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalSpool;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres feed`: runs for as long as a server recovers. It ends by itself when the server
/// takes writes, or as a standby streams for a while; then the server's script no longer waits for
/// anybody. Ended before that, a server that recovers to a target waits for the next feed; a
/// standby does not, since its primary may have what it wants. A running standby that would not ask
/// here is told to, once it answers.
@Command(
    name = "feed",
    description = "Feeds a recovering server with WAL from the vault until recovery has ended.")
final class FeedCommand extends TaskCommand {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration STREAMS = Duration.ofSeconds(10);

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("postgres");
  @Mixin private FeedSpool spool = new FeedSpool();

  @Option(names = "--standby", description = "the server follows a primary")
  private boolean standby;

  @Option(
      names = "--to",
      paramLabel = "TARGET",
      description = "what the restore was told; the server itself knows where to stop")
  private @Nullable String target;

  @Option(names = "--timeline", paramLabel = "N", description = "(that of the restore)")
  private @Nullable Integer timeline;

  @Option(names = "--snapshot", paramLabel = "ID", description = "(that of the restore)")
  private @Nullable String snapshot;

  FeedCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) throws InterruptedException {
    try (Vault vault = opening.open(environment, report::note)) {
      FeedSpool.Plan plan = plan(vault);
      report.note(
          "feeding cluster %s on timeline %d%s"
              .formatted(
                  Long.toUnsignedString(plan.system()),
                  plan.timeline(),
                  target == null ? "" : " up to " + target));
      WalSpool directory = spool.install(environment, data.directory(environment));
      boolean over = standby;
      Optional<LockFile> sign = spool.sign(environment);
      try {
        if (sign.isEmpty()) {
          report.note("another feeder is at work on this spool");
        } else {
          directory.feeds(standby);
        }
        directory.feeds(standby);
        Map<String, String> result = feed(vault, directory, plan, report);
        over = true;
        return result;
      } finally {
        if (over) {
          directory.idle();
        }
        sign.ifPresent(LockFile::release);
      }
    }
  }

  private Map<String, String> feed(
      Vault vault, WalSpool directory, FeedSpool.Plan plan, Report report)
      throws InterruptedException {
    ArchiveSetting setting =
        new ArchiveSetting(WalSpool.restoreCommand(spool.directory(environment)), report);
    WalArchive archive = new WalArchive(vault, member.store(environment));
    try (FeederThread feeder = new FeederThread(archive, directory, plan, report)) {
      String ended = awaitEnd(server.connection(environment), setting, feeder);
      return Map.of("ended", ended, "served", Long.toString(feeder.served()));
    }
  }

  private String awaitEnd(ServerConnection connection, ArchiveSetting setting, FeederThread feeder)
      throws InterruptedException {
    long streamsSince = -1;
    while (true) {
      Optional<ServerState> state = ask(connection, setting);
      long now = System.nanoTime();
      if (state.filter(s -> s.role() == ServerState.Role.PRIMARY).isPresent()) {
        return "recovery";
      }
      boolean streams =
          standby
              && state
                  .flatMap(ServerState::receiver)
                  .filter(r -> r.status().equals("streaming"))
                  .isPresent();
      streamsSince = !streams ? -1 : streamsSince < 0 ? now : streamsSince;
      if (streams && now - streamsSince >= STREAMS.toNanos()) {
        return "streaming";
      }
      feeder.pass(LOOK);
    }
  }

  private Optional<ServerState> ask(ServerConnection server, ArchiveSetting setting) {
    try (Connection connection = server.openToLook()) {
      ServerState state = ServerStateReader.read(connection);
      if (standby && state.role() == ServerState.Role.STANDBY) {
        setting.look(connection);
      }
      return Optional.of(state);
    } catch (SQLException | ChrysalisException e) {
      // A recovering server answers late or not at all; it is fed all the same.
      return Optional.empty();
    }
  }

  private FeedSpool.Plan plan(Vault vault) {
    if (snapshot != null && timeline != null) {
      try (SnapshotReader reader =
          vault.openSnapshot(member.store(environment), new SnapshotId(snapshot))) {
        BackupFacts facts = BackupFacts.fromMap(reader.snapshot().facts());
        return new FeedSpool.Plan(Long.parseUnsignedLong(facts.systemIdentifier()), timeline);
      }
    }
    Optional<FeedSpool.Plan> plan = spool.plan(environment, data.directory(environment));
    return plan.map(p -> timeline == null ? p : new FeedSpool.Plan(p.system(), timeline))
        .orElseThrow(() ->
            new ChrysalisException(
                PostgresErrors.NOT_A_DATA_DIRECTORY,
                "there is no cluster in " + data.directory(environment) + " to be fed",
                "restore it first, or give --snapshot and --timeline"));
  }
}
