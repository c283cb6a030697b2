package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.dump.DumpContents;
import dev.chrysalis.postgres.agent.dump.DumpRestore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres check-dump`. Its result: `sha256`, `bytes` of SQL, `tables`, `rows`, `version`
/// of the server that was dumped, `roles`.
@Command(
    name = "check-dump",
    description =
        "Reads a dump from its first byte to its last, and says whether it is whole. Changes nothing.")
final class CheckDumpCommand extends TaskCommand {
  @Mixin private DumpOptions dump = new DumpOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private ServerProgramsOption programs = new ServerProgramsOption();

  @Option(
      names = "--role",
      paramLabel = "NAME",
      description = "a role that there will be; a dump that names others is refused")
  private List<String> roles = new ArrayList<>();

  CheckDumpCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    programs.of(environment).check();
    DumpRestore.requireReplaceable(data.directory(environment));
    DumpContents contents = dump.with(new ReportedCopy(report), source -> source.check());
    requireRoles(contents);
    return Map.of(
        "sha256", contents.sha256(),
        "bytes", Long.toString(contents.bytes()),
        "tables", Integer.toString(contents.rows().size()),
        "rows", Long.toString(contents.allRows()),
        "version", contents.version(),
        "roles", String.join(",", new TreeSet<>(contents.roles())));
  }

  /// Without a role that it names the dump would stop halfway.
  private void requireRoles(DumpContents contents) {
    Set<String> unknown = new TreeSet<>(contents.roles());
    unknown.remove(server.server(environment).user());
    roles.forEach(unknown::remove);
    unknown.removeIf(name -> name.startsWith("pg_"));
    if (!unknown.isEmpty()) {
      throw new ChrysalisException(
          PostgresErrors.UNDECLARED_ROLE,
          "the dump %s names roles that it does not hold: %s"
              .formatted(dump.key(), String.join(", ", unknown)),
          "nothing was touched; declare them in the stack file: datastores.….dumps.roles");
    }
  }
}
