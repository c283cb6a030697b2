package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.agent.wal.ShipperSettings;
import dev.chrysalis.postgres.agent.wal.WalShipper;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent postgres ship`: the sidecar. Runs until a signal ends it; trouble with the server or the
/// vault is told and tried again. Only a missing setting ends it.
@Command(
    name = "ship",
    description = "Ships the server's WAL to the vault for as long as it runs; never gives up.")
final class ShipCommand implements Callable<Integer> {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

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
    ShipLog log = new ShipLog(environment.out(), output.json(), environment.clock());
    ServerOptions.quiet();
    ShipperSettings settings =
        ShipperSettings.of(
            member.store(environment), member.id(environment), server.server(environment));
    makeSpool(log);
    try (Vault vault = open(log)) {
      WalShipper shipper = new WalShipper(vault, settings, log::tell);
      Thread worker = Thread.currentThread();
      Thread hook = new Thread(() -> end(shipper, worker), "ship-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      shipper.run();
    }
    return 0;
  }

  /// A standby whose restore_command asks here is not to fail for want of the script.
  private void makeSpool(ShipLog log) {
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

  private static void end(WalShipper shipper, Thread worker) {
    shipper.close();
    try {
      worker.join(Duration.ofSeconds(8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
