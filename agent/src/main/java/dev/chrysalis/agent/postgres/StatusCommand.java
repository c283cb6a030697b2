package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.postgres.agent.server.MemberStatus;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.vault.Vault;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent postgres status`: one flat JSON object on one line, or lines of text. A server that is
/// down is a state and no error.
@Command(name = "status", description = "Says what the server and the data directory are like.")
final class StatusCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("postgres");

  @Option(
      names = "--with-vault",
      description = "also how far the vault's WAL reaches: vault.timeline, .covered, .asOf")
  private boolean withVault;

  @Mixin private OutputOptions output = new OutputOptions();

  StatusCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Map<String, String> status =
        new TreeMap<>(
            MemberStatus.read(server.connection(environment), data.directory(environment)));
    if (withVault) {
      addVault(status);
    }
    output.print(status, environment);
    return 0;
  }

  private void addVault(Map<String, String> status) {
    try (Vault vault = opening.open(environment, _ -> {})) {
      new WalArchive(vault, member.store(environment))
          .recoveryPoint(environment.clock().instant())
          .ifPresent(point -> {
            status.put("vault.system", Long.toUnsignedString(point.system()));
            status.put("vault.timeline", Integer.toString(point.timeline()));
            status.put("vault.covered", point.covered().toString());
            status.put("vault.asOf", point.asOf().toString());
          });
    }
  }
}
