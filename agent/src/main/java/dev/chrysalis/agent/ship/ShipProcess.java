package dev.chrysalis.agent.ship;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// A process that ships a member's log until it is told to end.
///
/// 1. Open the vault. Where it cannot be reached tell it and try again, after a growing pause; only
///    a missing setting ends the process.
/// 2. Run the shipper. A signal that asks the process to end lets it seal what it has, for 8 s.
public final class ShipProcess {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LAST_SEAL = Duration.ofSeconds(8);

  private final AgentEnvironment environment;
  private final VaultOpening opening;
  private final EventLog log;

  public ShipProcess(AgentEnvironment environment, VaultOpening opening, EventLog log) {
    this.environment = environment;
    this.opening = opening;
    this.log = log;
  }

  /// A shipper.
  ///
  /// @param run occupies its thread until `end`
  /// @param end may be called by any thread
  public record Shipper(Runnable run, Runnable end) {}

  /// Ships until it is told to end.
  public void run(Function<Vault, Shipper> shippers) {
    try (Vault vault = open()) {
      Shipper shipper = shippers.apply(vault);
      Thread worker = Thread.currentThread();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(shipper, worker), "ship-stop"));
      shipper.run().run();
    }
  }

  private Vault open() {
    Duration pause = FIRST_PAUSE;
    while (true) {
      Optional<Vault> vault = attempt();
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

  private Optional<Vault> attempt() {
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

  private static void end(Shipper shipper, Thread worker) {
    shipper.end().run();
    try {
      boolean _ = worker.join(LAST_SEAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
