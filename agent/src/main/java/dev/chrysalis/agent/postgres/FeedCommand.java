package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.postgres.agent.server.ServerStateReader;
import dev.chrysalis.postgres.agent.wal.FeedEvent;
import dev.chrysalis.postgres.agent.wal.FeederSettings;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalFeeder;
import dev.chrysalis.postgres.agent.wal.WalSpool;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres feed`: runs for as long as a server recovers. It ends by itself when the server
/// takes writes, or as a standby streams for a while; then the server's script no longer waits for
/// anybody. Ended before that, a server that recovers to a target waits for the next feed; a
/// standby does not, since its primary may have what it wants.
@Command(
    name = "feed",
    description = "Feeds a recovering server with WAL from the vault until recovery has ended.")
final class FeedCommand extends TaskCommand {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration STREAMS = Duration.ofSeconds(10);

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions();
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
      AtomicLong served = new AtomicLong();
      WalFeeder feeder =
          new WalFeeder(
              new WalArchive(vault, member.store(environment)),
              directory,
              FeederSettings.of(plan.system(), plan.timeline()),
              event -> tell(event, served, report));
      boolean over = standby;
      try {
        String ended = feed(feeder);
        over = true;
        return Map.of("ended", ended, "served", served.toString());
      } finally {
        if (over) {
          directory.idle();
        }
      }
    }
  }

  private String feed(WalFeeder feeder) throws InterruptedException {
    Thread thread = Thread.ofVirtual().name("feeder").start(feeder);
    try (feeder) {
      return awaitEnd(server.connection(environment), thread);
    } finally {
      boolean interrupted = Thread.interrupted();
      feeder.close();
      thread.join();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private String awaitEnd(ServerConnection connection, Thread feeding) throws InterruptedException {
    long streamsSince = -1;
    while (true) {
      Optional<ServerState> state = ask(connection);
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
      if (feeding.join(LOOK)) {
        throw new ChrysalisException(
            AgentErrors.UNEXPECTED, "the feeder ended by itself", "start the feed again");
      }
    }
  }

  private static Optional<ServerState> ask(ServerConnection server) {
    try (Connection connection = server.openToLook()) {
      return Optional.of(ServerStateReader.read(connection));
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
    Optional<FeedSpool.Plan> restored = spool.plan(environment);
    Optional<FeedSpool.Plan> there = ofDataDirectory();
    // A standby may have followed its primary to a later timeline than it was restored for.
    Optional<FeedSpool.Plan> plan =
        there
            .filter(t -> restored.filter(r -> r.system() == t.system()).isEmpty())
            .or(() -> there.filter(t -> t.timeline() > restored.orElse(t).timeline()))
            .or(() -> restored);
    return plan.map(p -> timeline == null ? p : new FeedSpool.Plan(p.system(), timeline))
        .orElseThrow(() ->
            new ChrysalisException(
                PostgresErrors.NOT_A_DATA_DIRECTORY,
                "there is no cluster in " + data.directory(environment) + " to be fed",
                "restore it first, or give --snapshot and --timeline"));
  }

  private Optional<FeedSpool.Plan> ofDataDirectory() {
    return switch (DataDirectoryState.read(data.directory(environment))) {
      case DataDirectoryState.Initialised cluster ->
          Optional.of(
              new FeedSpool.Plan(
                  Long.parseUnsignedLong(cluster.control().systemIdentifier()),
                  cluster.control().timeline()));
      case DataDirectoryState.Missing _,
          DataDirectoryState.Empty _,
          DataDirectoryState.HalfRestored _,
          DataDirectoryState.Damaged _ ->
          Optional.empty();
    };
  }

  private static void tell(FeedEvent event, AtomicLong served, Report report) {
    switch (event) {
      case FeedEvent.Served(String file) ->
          report.progress("feeding WAL, last " + file, served.incrementAndGet(), 0);
      case FeedEvent.Absent(String file) -> report.progress("no such WAL: " + file, 0, 0);
      case FeedEvent.Lost(String file, String why) ->
          report.note("WAL " + file + " is lost, the server is told to stop: " + why);
      case FeedEvent.Retrying(String file, ChrysalisException error) ->
          report.note("trying again to get " + file + ": " + error.getMessage());
    }
  }
}
