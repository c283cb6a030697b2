package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.postgres.agent.wal.WalSalvage;
import dev.chrysalis.vault.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent postgres salvage`. Its result: `wal` is `none` (then `why`), or `read`: `system`,
/// `timeline`, `from`, `to`, `bytes` and `commits` that the vault did not have before,
/// `lastCommit`, and `ends`: why nothing behind `to` was taken.
@Command(
    name = "salvage",
    description =
        "Brings the WAL to the vault that a dead server has written and not shipped. Reads pg_wal"
            + " only, whatever became of the rest of the data directory; changes nothing there.")
final class SalvageCommand extends TaskCommand {
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("postgres");

  SalvageCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    Path directory = data.directory(environment);
    try (Vault vault = opening.open(environment, report::note)) {
      WalSalvage salvage =
          new WalSalvage(
              vault,
              member.store(environment),
              directory.resolve("pg_wal"),
              (done, total) -> report.progress("salvaging WAL", done, total));
      return result(salvage.run(), directory, report);
    }
  }

  private static Map<String, String> result(
      WalSalvage.Outcome outcome, Path directory, Report report) {
    return switch (outcome) {
      case WalSalvage.Outcome.NothingThere(String why) -> Map.of("wal", "none", "why", why);
      case WalSalvage.Outcome.Read read -> {
        report.note(
            "the vault now has timeline %d up to %s: %d bytes and %d commits more than before"
                .formatted(read.timeline(), read.to(), read.bytes(), read.commits()));
        Map<String, String> facts = facts(read);
        facts.put("role", role(directory));
        yield facts;
      }
    };
  }

  private static String role(Path directory) {
    if (Files.exists(directory.resolve("standby.signal"))) {
      return "standby";
    }
    return Files.exists(directory.resolve("PG_VERSION")) ? "primary" : "unknown";
  }

  private static Map<String, String> facts(WalSalvage.Outcome.Read read) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("wal", "read");
    facts.put("system", Long.toUnsignedString(read.system()));
    facts.put("timeline", Integer.toString(read.timeline()));
    facts.put("from", read.from().toString());
    facts.put("to", read.to().toString());
    facts.put("bytes", Long.toString(read.bytes()));
    facts.put("commits", Long.toString(read.commits()));
    facts.put("lastCommit", read.lastCommit().map(Instant::toString).orElse(""));
    facts.put("ends", read.ends());
    return facts;
  }
}
