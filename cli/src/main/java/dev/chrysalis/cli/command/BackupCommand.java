package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.JobLine;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.Recovery;
import dev.chrysalis.recovery.store.Store;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "backup", description = "Takes a backup now, under load.")
public final class BackupCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  @Parameters(arity = "0..1", paramLabel = "STORE", description = "default: all datastores")
  private @Nullable String store;

  public BackupCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      Map<String, Map<String, String>> results = new TreeMap<>();
      for (Store each : site.recovery().stores()) {
        String name = each.declared().name();
        if (store == null || store.equals(name)) {
          results.put(name, take(site.recovery(), each));
        }
      }
      if (results.isEmpty()) {
        throw new ChrysalisException(
            CliErrors.NO_SUCH_DATASTORE,
            "the stack has no datastore '" + store + "'",
            "it has: " + String.join(", ", site.stack().datastores().keySet()));
      }
      output.print(out, results, text(results));
      return 0;
    }
  }

  private Map<String, String> take(Recovery recovery, Store store) {
    return recovery
        .backups()
        .take(
            store,
            Holder.thisProcess("chrysalis backup"),
            new JobLine(err, store.declared().name()));
  }

  private static String text(Map<String, Map<String, String>> results) {
    StringBuilder text = new StringBuilder();
    results.forEach((name, of) ->
        text.append(
            "%s backed up from %s in %s s: snapshot %s, %s MB read, %s MB new, %s MB stored%n"
                .formatted(
                    name,
                    of.get("member"),
                    of.get("seconds"),
                    of.get("snapshot"),
                    megabytes(of, "bytes"),
                    megabytes(of, "newBytes"),
                    megabytes(of, "storedBytes"))));
    return text.toString();
  }

  private static long megabytes(Map<String, String> result, String key) {
    return Math.round(Long.parseLong(result.getOrDefault(key, "0")) / 1e6);
  }
}
