package dev.chrysalis.cli.command;

import dev.chrysalis.cli.JobLine;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "protect",
    description = {
      "Keeps the stack protected: takes backups when policy asks for them, and says when the",
      "recovery point falls behind. Log shipping itself is done by the agents."
    })
public final class ProtectCommand implements Callable<Integer> {
  private static final Duration PACE = Duration.ofSeconds(10);

  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();

  @Option(names = "--once", description = "do what is due now, then stop")
  private boolean once;

  public ProtectCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Site site = options.open()) {
      Ticker ticker = Ticker.system();
      String told = "";
      while (true) {
        told = look(site, told);
        if (once) {
          return 0;
        }
        ticker.pause(PACE);
      }
    }
  }

  /// A fault of this round is told and tried again in the next: protection must not end by itself.
  private String look(Site site, String told) {
    try {
      for (Datastore store : site.recovery().datastores()) {
        if (due(site, store)) {
          Map<String, String> backup =
              site.recovery()
                  .backups()
                  .postgres(
                      BackupCommand.primary(site.recovery(), store),
                      Holder.thisProcess("chrysalis protect"),
                      new JobLine(err, store.name()));
          out.println(Instant.now() + " backup " + backup);
        }
      }
      return tell(told, site.recovery().protection().look().faults().toString());
    } catch (ChrysalisException e) {
      return tell(told, e.code() + ": " + e.getMessage());
    }
  }

  private String tell(String before, String now) {
    if (!now.equals(before)) {
      out.println(Instant.now() + (now.equals("[]") ? " protected" : " FAULT " + now));
      out.flush();
    }
    return now;
  }

  private static boolean due(Site site, Datastore store) {
    Optional<Duration> age =
        site.recovery()
            .protection()
            .newest()
            .map(RestorePoint::snapshotAt)
            .map(at -> Duration.between(at, Instant.now()));
    return age.isEmpty() || age.get().compareTo(store.backup().every()) >= 0;
  }
}
