package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.agent.log.AofShipper;
import dev.chrysalis.redis.agent.log.ShipperSettings;
import dev.chrysalis.vault.Vault;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent redis ship`: the sidecar. Runs until a signal ends it; trouble with the server or the
/// vault is told and tried again. Only a missing setting ends it.
@Command(
    name = "ship",
    description =
        "Ships the server's append-only file to the vault for as long as it runs; never gives up.")
final class ShipCommand implements Callable<Integer> {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

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
    ShipLog log = new ShipLog(environment.out(), output.json(), environment.clock());
    ShipperSettings settings =
        ShipperSettings.of(
            member.store(environment),
            member.id(environment),
            server.server(environment),
            data.directory(environment),
            configuration.fileIfSet(environment));
    try (Vault vault = open(log)) {
      AofShipper shipper =
          new AofShipper(vault, settings, Clock.systemUTC(), new SecureRandom(), log::tell);
      Thread worker = Thread.currentThread();
      Thread hook = new Thread(() -> end(shipper, worker), "ship-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      shipper.run();
    }
    return 0;
  }

  private Vault open(ShipLog log) {
    Duration pause = FIRST_PAUSE;
    while (true) {
      Optional<Vault> vault = attempt(log);
      if (vault.isPresent()) {
        return vault.get();
      }
      LockSupport.parkNanos(pause.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new ChrysalisException(
            AgentErrors.TERMINATED, "interrupted before the vault opened", "start it again");
      }
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
  }

  private Optional<Vault> attempt(ShipLog log) {
    try {
      return Optional.of(opening.open(environment, log::note));
    } catch (ChrysalisException e) {
      if (e.code().equals(AgentErrors.MISSING_SETTING)) {
        throw e;
      }
      log.failing("vault", e);
      return Optional.empty();
    }
  }

  private static void end(AofShipper shipper, Thread worker) {
    shipper.close();
    try {
      boolean _ = worker.join(Duration.ofSeconds(8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
