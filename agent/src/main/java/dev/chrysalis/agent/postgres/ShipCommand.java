package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.ship.EventLog;
import dev.chrysalis.agent.ship.ShipProcess;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.agent.wal.ShipperSettings;
import dev.chrysalis.postgres.agent.wal.WalShipper;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent postgres ship`: the sidecar. Runs until a signal ends it; trouble with the server or the
/// vault is told and tried again. Only a missing setting ends it.
@Command(
    name = "ship",
    description = "Ships the server's WAL to the vault for as long as it runs; never gives up.")
final class ShipCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("postgres");
  @Mixin private FeedSpool spool = new FeedSpool();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  ShipCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    EventLog log = new EventLog(environment.out(), output.json(), environment.clock());
    ShipLog told = new ShipLog(log);
    ServerOptions.quiet();
    ShipperSettings settings =
        ShipperSettings.of(
            member.store(environment), member.id(environment), server.server(environment));
    makeSpool(log);
    new ShipProcess(environment, opening, log)
        .run(vault -> {
          WalShipper shipper = new WalShipper(vault, settings, told::tell);
          return new ShipProcess.Shipper(shipper, shipper::close);
        });
    return 0;
  }

  /// A standby whose restore_command asks here is not to fail for want of the script.
  private void makeSpool(EventLog log) {
    boolean wanted =
        environment.variable("CHRYSALIS_SPOOL").isPresent()
            && environment.variable("PGDATA").isPresent();
    if (!wanted) {
      return;
    }
    try {
      Object _ = spool.install(environment, data.directory(environment));
    } catch (ChrysalisException e) {
      log.failing("spool", e);
    }
  }
}
