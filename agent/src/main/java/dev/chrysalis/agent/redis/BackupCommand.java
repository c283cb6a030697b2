package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.log.AofShipper;
import dev.chrysalis.redis.agent.log.BaseCapture;
import dev.chrysalis.redis.agent.log.BaseProgress;
import dev.chrysalis.redis.agent.log.OwnShipper;
import dev.chrysalis.redis.agent.log.ShipperSettings;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent redis backup`. Its result: `snapshot`, `bytes`, `newBytes`, `storedBytes`, `seconds`, and
/// the base's facts, among them `keys` and `at`.
@Command(
    name = "backup",
    description =
        "Takes a base of the master into the vault. It is there only once the log behind it is"
            + " there too.")
final class BackupCommand extends TaskCommand {
  private static final Duration OTHERS_TURN = Duration.ofSeconds(10);

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("redis");

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "3600",
      description = "how long the server's rewrite, and then its log, may take (3600)")
  private long patience;

  BackupCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) throws InterruptedException {
    long begun = System.nanoTime();
    ShipperSettings settings =
        ShipperSettings.of(
            member.store(environment),
            member.id(environment),
            server.server(environment),
            data.directory(environment),
            configuration.fileIfSet(environment));
    Clock clock = Clock.systemUTC();
    BaseProgress progress = new ReportedBase(report);
    try (Vault vault = opening.open(environment, report::note);
        OwnShipper shipper =
            new OwnShipper(
                () -> new AofShipper(vault, settings, clock, new SecureRandom(), _ -> {}),
                OTHERS_TURN,
                progress)) {
      BaseCapture capture =
          new BaseCapture(vault, settings, clock, progress, shipper, Duration.ofSeconds(patience));
      return result(taken(capture), Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private static Snapshot taken(BaseCapture capture) throws InterruptedException {
    try {
      return capture.run();
    } catch (ChrysalisException e) {
      if (e.code().equals(RedisErrors.INTERRUPTED)) {
        throw new InterruptedException(e.getMessage());
      }
      throw e;
    }
  }

  private static Map<String, String> result(Snapshot base, Duration took) {
    Map<String, String> result = new TreeMap<>(base.facts());
    result.put("snapshot", base.id().toString());
    result.put("bytes", Long.toString(base.bytes()));
    result.put("newBytes", Long.toString(base.newBytes()));
    result.put("storedBytes", Long.toString(base.storedBytes()));
    result.put("seconds", "%d.%03d".formatted(took.toSeconds(), took.toMillisPart()));
    return result;
  }

  /// Hands on to the task's report.
  private record ReportedBase(Report report) implements BaseProgress {
    @Override
    public void progress(String stage, long done, long total) {
      report.progress(stage, done, total);
    }

    @Override
    public void note(String text) {
      report.note(text);
    }
  }
}
