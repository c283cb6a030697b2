package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.ship.EventLog;
import dev.chrysalis.agent.ship.ShipProcess;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.LeftSnapshots;
import dev.chrysalis.cassandra.agent.files.NodeBackup;
import dev.chrysalis.cassandra.agent.log.CommitLogShipper;
import dev.chrysalis.cassandra.agent.log.ShipperSettings;
import dev.chrysalis.cassandra.agent.server.HintsWatch;
import dev.chrysalis.cassandra.agent.server.NodeConnection;
import dev.chrysalis.cassandra.agent.server.NodeSession;
import dev.chrysalis.cassandra.agent.server.RepairNotes;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent cassandra ship`: runs beside the node for as long as that does. What it cannot do now, as
/// to reach the vault, is told and tried again. Only a missing setting ends it.
@Command(
    name = "ship",
    description =
        "Ships the node's commit log to the vault for as long as it runs; never gives up. Where a"
            + " log begins anew it takes a snapshot of the node, too. Notes on the node's volume"
            + " which other nodes were away for longer than hints are kept.")
final class ShipCommand implements Callable<Integer> {
  private static final int THREADS = 2;

  private final AgentEnvironment environment;
  private final Lock backups = new ReentrantLock();

  @Mixin private NodeOptions node = new NodeOptions();
  @Mixin private FolderOptions folders = new FolderOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = MemberOptions.ofRing("cassandra");
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
            member.store(environment), member.id(environment), folders.folders(environment));
    // Also while there is no vault.
    try (HintsWatch hints = hintsWatch(settings, log);
        LeftSnapshots left = leftSnapshots(settings, log)) {
      Thread _ = Thread.ofVirtual().name("hints").start(hints);
      Thread _ = Thread.ofVirtual().name("left-snapshots").start(left);
      new ShipProcess(environment, opening, log)
          .run(vault -> {
            CommitLogShipper shipper =
                new CommitLogShipper(
                    vault,
                    settings,
                    node(vault),
                    Clock.systemUTC(),
                    new SecureRandom(),
                    told::tell);
            return new ShipProcess.Shipper(shipper, shipper::close);
          });
    }
    return 0;
  }

  private HintsWatch hintsWatch(ShipperSettings settings, EventLog log) {
    return new HintsWatch(
        node.connection(environment),
        new RepairNotes(settings.data().getFirst()),
        environment.clock(),
        error -> log.failing("hints", error));
  }

  private LeftSnapshots leftSnapshots(ShipperSettings settings, EventLog log) {
    return new LeftSnapshots(
        node.connection(environment),
        settings.data().getFirst(),
        environment.clock(),
        backups,
        note -> log.tell("left", Map.of("what", note)),
        error -> log.failing("left-snapshots", error));
  }

  private CommitLogShipper.Node node(Vault vault) {
    NodeConnection connection = node.connection(environment);
    return new CommitLogShipper.Node() {
      @Override
      public Snapshot base(LogName log) {
        return take(vault, log);
      }

      @Override
      public String schemaVersion() {
        try (NodeSession session = connection.open()) {
          return session.schemaVersion();
        }
      }
    };
  }

  /// Its name says of which log it is a base, and when it was begun:
  /// `cassandra-0-01a21ad8db64f1c7-69284b3a`.
  private Snapshot take(Vault vault, LogName log) {
    String when = "%08x".formatted(environment.clock().instant().getEpochSecond());
    NodeBackup.Request request =
        new NodeBackup.Request(
            member.store(environment),
            member.id(environment),
            log.stream().replace('/', '-') + "-" + when,
            folders.folders(environment),
            Optional.of(log));
    try {
      backups.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          CassandraErrors.INTERRUPTED, "interrupted before a base was taken", "ship again", e);
    }
    try {
      return new NodeBackup(
              node.connection(environment),
              vault,
              CopyProgress.silent(),
              Clock.systemUTC(),
              THREADS)
          .run(request);
    } finally {
      backups.unlock();
    }
  }
}
