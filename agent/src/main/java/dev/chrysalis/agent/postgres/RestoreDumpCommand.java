package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.postgres.agent.dump.DumpContents;
import dev.chrysalis.postgres.agent.dump.DumpRestore;
import dev.chrysalis.postgres.agent.dump.DumpSource;
import dev.chrysalis.postgres.agent.dump.FreshDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres restore-dump`. Its result: `tables`, `rows`, `bytes` of SQL, `seconds`; `before`
/// where the same job had done it already.
@Command(
    name = "restore-dump",
    description =
        "Restores a dump of one database into a fresh cluster, all or nothing, and counts its rows."
            + " The data directory must be empty or missing.")
final class RestoreDumpCommand extends TaskCommand {
  private static final int WORDS = 2;

  @Mixin private DumpOptions dump = new DumpOptions();
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ServerProgramsOption programs = new ServerProgramsOption();

  @Option(
      names = "--sha256",
      required = true,
      paramLabel = "HEX",
      description = "of the dump that was checked; another one is refused")
  private String sha256 = "";

  @Option(
      names = "--into",
      required = true,
      paramLabel = "NAME",
      description = "the database that is made for it")
  private String database = "";

  @Option(
      names = "--owner",
      paramLabel = "ROLE",
      defaultValue = "",
      description = "of the database (the superuser)")
  private String owner = "";

  @Option(
      names = "--role",
      arity = "2",
      paramLabel = "WORD",
      description =
          "a role that is made: its NAME, and the FILE whose first line is its password, or - where"
              + " it does not log in")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--locale",
      paramLabel = "NAME",
      defaultValue = "C",
      description = "of the new cluster (C)")
  private String locale = "C";

  @Option(
      names = "--configuration",
      paramLabel = "DIR",
      description = "whose files, postgresql.conf and pg_hba.conf, the new cluster gets")
  private @Nullable Path configuration;

  @Mixin private WorkName name = new WorkName();

  RestoreDumpCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public boolean changesVolume() {
    return true;
  }

  @Override
  public Map<String, String> run(Report report) {
    long begun = System.nanoTime();
    ReportedCopy told = new ReportedCopy(report);
    FreshDatabase fresh = fresh();
    JobId job = name.id(environment);
    Optional<DumpContents> restored =
        dump.with(
            told,
            source ->
                new DumpRestore(programs.of(environment), told).run(request(job, source, fresh)));
    return restored
        .map(contents ->
            Map.of(
                "tables", Integer.toString(contents.rows().size()),
                "rows", Long.toString(contents.allRows()),
                "bytes", Long.toString(contents.bytes()),
                "seconds", Long.toString((System.nanoTime() - begun) / 1_000_000_000)))
        .orElse(Map.of("before", "true"));
  }

  private DumpRestore.Request request(JobId job, DumpSource source, FreshDatabase fresh) {
    try {
      return new DumpRestore.Request(job, source, sha256, data.directory(environment), fresh);
    } catch (IllegalArgumentException e) {
      throw bad(e);
    }
  }

  private FreshDatabase fresh() {
    try {
      List<FreshDatabase.Role> all = new ArrayList<>();
      for (int i = 0; i < roles.size(); i += WORDS) {
        String file = roles.get(i + 1);
        all.add(new FreshDatabase.Role(roles.get(i), file.equals("-") ? null : Path.of(file)));
      }
      var superuser = server.server(environment);
      return new FreshDatabase(
          superuser.user(),
          superuser.passwordFile().orElse(null),
          database,
          owner,
          all,
          locale,
          configuration);
    } catch (IllegalArgumentException e) {
      throw bad(e);
    }
  }

  private static ChrysalisException bad(IllegalArgumentException e) {
    return new ChrysalisException(
        AgentErrors.BAD_COMMAND,
        String.valueOf(e.getMessage()),
        "see agent postgres restore-dump --help",
        e);
  }
}
