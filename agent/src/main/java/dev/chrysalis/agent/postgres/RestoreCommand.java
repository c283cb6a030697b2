package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.PostgresServer;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.files.FileRestore;
import dev.chrysalis.postgres.agent.files.RecoverySettings;
import dev.chrysalis.postgres.agent.files.RecoveryTarget;
import dev.chrysalis.postgres.agent.files.TablespacePlaces;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.postgres.agent.server.ServerStateReader;
import dev.chrysalis.postgres.agent.wal.WalSpool;
import dev.chrysalis.postgres.archive.RestoreSearch;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres restore`. What is to be restored is settled and told before anything is touched.
/// Its result: `snapshot`, `system`, `timeline`, `targetLsn`, `lastCommitTime`, `files`, `bytes`,
/// `keptBytes`; of a standby no target. With `--undo` its result is `undone`.
@Command(
    name = "restore",
    description =
        "Restores a cluster into an empty data directory, or in place over one whose server is"
            + " stopped, so that its server recovers to a target and stands still there, or follows a"
            + " primary. Repeat it after a crash: it goes on.")
final class RestoreCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("postgres");
  @Mixin private PrimaryOptions primary = new PrimaryOptions();
  @Mixin private FeedSpool spool = new FeedSpool();

  @Option(
      names = "--to",
      paramLabel = "TARGET",
      defaultValue = "latest",
      converter = RestoreGoalConverter.class,
      description = RestoreGoal.FORMS)
  private RestoreGoal goal = new RestoreGoal.Latest();

  @Option(names = "--snapshot", paramLabel = "ID", description = "(the newest that leads there)")
  private @Nullable String snapshot;

  @Option(names = "--timeline", paramLabel = "N", description = "(the newest that leads there)")
  private @Nullable Integer timeline;

  @Option(names = "--as-standby", description = "follow the primary that is named")
  private boolean standby;

  @Option(
      names = "--tablespaces",
      paramLabel = "DIR",
      description = "where tablespaces go, each in DIR/OID (beside the data directory)")
  private @Nullable Path tablespaces;

  @Option(names = "--set", paramLabel = "NAME=VALUE", description = "a setting for this copy")
  private Map<String, String> settings = Map.of();

  @Mixin private WorkName name = new WorkName();

  @Mixin private InPlaceOptions inPlace = new InPlaceOptions();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "how many files to restore at once (as many as there are cores)")
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
    inPlace.check();
    if (inPlace.undo().isPresent()) {
      return takeBack(report);
    }
    try (Vault vault = opening.open(environment, report::note)) {
      RestoreChoice choice = new RestoreChoice(vault, member.store(environment));
      return standby ? standby(vault, choice, report) : toTarget(vault, choice, report);
    }
  }

  /// The server that comes back is not fed, so it must not wait for a feeder.
  private Map<String, String> takeBack(Report report) {
    Path directory = data.directory(environment);
    Map<String, String> result = inPlace.takeBack(directory, report);
    if (spool.keepsWaiting(environment)) {
      spool.leaveIdle(environment, directory);
    }
    return result;
  }

  private Map<String, String> toTarget(Vault vault, RestoreChoice choice, Report report) {
    RestoreMemory memory = memory();
    RestoreSearch.Chosen chosen = choose(memory, choice, report);
    String commit = chosen.commit().map(Instant::toString).orElse("");
    report.note(
        "restoring snapshot %s to %s of timeline %d%s"
            .formatted(
                chosen.snapshot().id(),
                chosen.target(),
                chosen.timeline(),
                commit.isEmpty() ? "" : ", last commit " + commit));
    if (goal instanceof RestoreGoal.Latest) {
      choice
          .beyondHole(chosen)
          .ifPresent(end ->
              report.note("WAL up to %s lies behind a hole and cannot be reached".formatted(end)));
    }
    RecoverySettings recovery =
        new RecoverySettings.ToTarget(
            new RecoveryTarget.AtLsn(chosen.target(), true),
            chosen.timeline(),
            WalSpool.restoreCommand(spool.directory(environment)),
            settings);
    memory.keep(
        new RestoreMemory.Choice(chosen.snapshot().id(), chosen.timeline(), chosen.target()));
    Map<String, String> result = restore(vault, chosen.snapshot(), recovery, report);
    result.put("timeline", Integer.toString(chosen.timeline()));
    result.put("targetLsn", chosen.target().toString());
    result.put("lastCommitTime", commit);
    spool.expectFeed(
        environment,
        data.directory(environment),
        new FeedSpool.Plan(chosen.system(), chosen.timeline()));
    return result;
  }

  /// What a broken-off attempt has chosen stays.
  private RestoreSearch.Chosen choose(RestoreMemory memory, RestoreChoice choice, Report report) {
    Optional<RestoreMemory.Choice> before = memory.recall();
    return before.isPresent()
        ? choice.again(before.get())
        : choice.choose(goal, snapshotId(), Optional.ofNullable(timeline), report);
  }

  private RestoreMemory memory() {
    Object _ = spool.install(environment, data.directory(environment));
    String restore = name.id(environment).value();
    return new RestoreMemory(
        spool.directory(environment).resolve("choice-" + restore),
        data.directory(environment),
        restore);
  }

  private Map<String, String> standby(Vault vault, RestoreChoice choice, Report report) {
    String host = primary.host();
    ServerState state = primaryState(host, report);
    RestoreMemory memory = memory();
    Optional<SnapshotId> before = memory.recall().map(RestoreMemory.Choice::snapshot);
    Snapshot chosen =
        choice.forStandby(
            state.systemIdentifier(),
            state.timeline(),
            before.isPresent() ? before : snapshotId(),
            report);
    memory.keep(new RestoreMemory.Choice(chosen.id(), state.timeline(), new Lsn(0)));
    report.note(
        "restoring snapshot %s as a standby of %s, which is on timeline %d"
            .formatted(chosen.id(), host, state.timeline()));
    RecoverySettings recovery =
        primary.settings(
            environment,
            host,
            member.id(environment).toString(),
            WalSpool.restoreCommand(spool.directory(environment)));
    Map<String, String> result = restore(vault, chosen, recovery, report);
    result.put("timeline", Integer.toString(state.timeline()));
    long system = Long.parseUnsignedLong(state.systemIdentifier());
    spool.expectFeed(
        environment, data.directory(environment), new FeedSpool.Plan(system, state.timeline()));
    return result;
  }

  private Map<String, String> restore(
      Vault vault, Snapshot chosen, RecoverySettings recovery, Report report) {
    long begun = System.nanoTime();
    Map<String, String> result = result(files(vault, chosen, recovery, report));
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    result.put("seconds", "%d.%03d".formatted(took.toSeconds(), took.toMillisPart()));
    return result;
  }

  private FileRestore.Restored files(
      Vault vault, Snapshot chosen, RecoverySettings recovery, Report report) {
    Path directory = data.directory(environment);
    Path places = tablespaces != null ? tablespaces : directory.resolveSibling("tablespaces");
    FileRestore.Request request =
        new FileRestore.Request(
            name.id(environment),
            member.store(environment),
            chosen.id(),
            directory,
            TablespacePlaces.under(places),
            recovery);
    return inPlace.wanted()
        ? inPlace.restore(vault, request, threads, report)
        : new FileRestore(vault, new ReportedCopy(report), threads).run(request);
  }

  private Optional<SnapshotId> snapshotId() {
    try {
      return Optional.ofNullable(snapshot).map(SnapshotId::new);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND,
          String.valueOf(e.getMessage()),
          "see their names: chrysalis restore-points",
          e);
    }
  }

  /// Looks at the primary, and has it keep WAL for this standby from now on.
  private ServerState primaryState(String host, Report report) {
    PostgresServer own = server.server(environment);
    PostgresServer there =
        new PostgresServer(
            host, primary.port(environment), own.user(), own.database(), own.passwordFile());
    ServerOptions.quiet();
    try (Connection connection = new ServerConnection(there, Duration.ofSeconds(10)).openToLook()) {
      ServerState state = ServerStateReader.read(connection);
      if (state.role() == ServerState.Role.PRIMARY) {
        primary.makeSlot(connection, member.id(environment), report);
        return state;
      }
    } catch (SQLException e) {
      throw new ChrysalisException(
          PostgresErrors.UNREACHABLE,
          "the primary " + host + " does not tell its state: " + e.getMessage(),
          "see the primary's log",
          e);
    }
    throw new ChrysalisException(
        PostgresErrors.TIMELINE_CONFLICT,
        host + " is a standby itself",
        "name the server that takes writes");
  }

  private static Map<String, String> result(FileRestore.Restored restored) {
    BackupFacts facts = restored.facts();
    Map<String, String> result = new TreeMap<>();
    result.put("snapshot", restored.snapshot().id().toString());
    result.put("system", facts.systemIdentifier());
    result.put("files", Long.toString(restored.files()));
    result.put("bytes", Long.toString(restored.bytes()));
    result.put("keptBytes", Long.toString(restored.keptBytes()));
    List<String> places =
        restored.tablespaces().entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .sorted()
            .toList();
    if (!places.isEmpty()) {
      result.put("tablespaces", String.join(",", places));
    }
    return result;
  }
}
