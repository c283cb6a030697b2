package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.ship.EventLog;
import dev.chrysalis.agent.ship.ShipProcess;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.redis.agent.log.AofShipper;
import dev.chrysalis.redis.agent.log.ShipperSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent redis ship`: the sidecar. Runs until a signal ends it; trouble with the server or the
/// vault is told and tried again. Only a missing setting ends it.
@Command(
    name = "ship",
    description =
        "Ships the server's append-only file to the vault for as long as it runs; never gives up.")
final class ShipCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("redis");
  @Mixin private OutputOptions output = new OutputOptions();

  ShipCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    EventLog log = new EventLog(environment.out(), output.json(), environment.clock());
    ShipLog told = new ShipLog(log);
    ShipperSettings settings =
        ShipperSettings.of(
            member.store(environment),
            member.id(environment),
            server.server(environment),
            data.directory(environment),
            configuration.fileIfSet(environment));
    new ShipProcess(environment, opening, log)
        .run(vault -> {
          AofShipper shipper =
              new AofShipper(vault, settings, Clock.systemUTC(), new SecureRandom(), told::tell);
          return new ShipProcess.Shipper(shipper, shipper::close);
        });
    return 0;
  }
}
