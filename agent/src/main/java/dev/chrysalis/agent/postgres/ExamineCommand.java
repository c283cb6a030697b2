package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.ProofQuery;
import dev.chrysalis.postgres.agent.server.Examination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres examine`.
@Command(
    name = "examine",
    description = "Reads every row of every table, as a dump would, and asks questions.")
final class ExamineCommand extends TaskCommand {
  private static final int WORDS = 3;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--query",
      arity = "3",
      paramLabel = "WORD",
      description = "a question that must be answered with true: its NAME, the DATABASE, the SQL")
  private List<String> queries = new ArrayList<>();

  ExamineCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    Examination.Found found =
        new Examination(server.connection(environment))
            .run(questions(), (bytes, total) -> report.progress("reading tables", bytes, total));
    found.faults().forEach(report::note);
    return Map.of(
        "databases", Integer.toString(found.databases()),
        "tables", Long.toString(found.tables()),
        "rows", Long.toString(found.rows()),
        "bytes", Long.toString(found.bytes()),
        "queries", Integer.toString(found.queries()),
        "faults", String.join("; ", found.faults()));
  }

  private List<ProofQuery> questions() {
    List<ProofQuery> all = new ArrayList<>();
    try {
      for (int i = 0; i < queries.size(); i += WORDS) {
        all.add(new ProofQuery(queries.get(i), queries.get(i + 1), queries.get(i + 2)));
      }
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND,
          "--query " + e.getMessage(),
          "see agent postgres examine --help",
          e);
    }
    return all;
  }
}
