package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.DatastoreOption;
import dev.chrysalis.cli.JobLine;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.ProofLine;
import dev.chrysalis.cli.ProofText;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.cli.TargetOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.Proving;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Sample;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "prove",
    description = {
      "Reads a restore point back from the vault, authenticates and hashes all of it, and keeps the",
      "proof; or restores it beside the living database, starts a server on it, reads every row,",
      "asks the declared queries, and removes it (a ring of Cassandra: without a server). The exit",
      "code is 14 where anything is wrong."
    })
public final class ProveCommand implements Callable<Integer> {
  /// Of snapshots, and of a ring's backups.
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private DatastoreOption datastore = new DatastoreOption();
  @Mixin private Output output = new Output();

  @Parameters(
      arity = "0..1",
      paramLabel = "RESTORE-POINT",
      description =
          "a snapshot's name, or of a ring a backup's (default: the newest restore point)")
  private @Nullable String restorePoint;

  @Option(
      names = "--sample",
      paramLabel = "PERCENT",
      description = "read only a part, chosen at random: 10%% (default: 100%%)")
  private @Nullable String sample;

  @Option(
      names = "--restore",
      description = "restore it, and read what is there (default: read and hash its bytes)")
  private boolean restore;

  @Option(names = "--threads", paramLabel = "N", description = "how many read at once (default: 4)")
  private int threads = 4;

  public ProveCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    double fraction = sample == null ? 1 : fraction(sample);
    if (restore && sample != null) {
      throw badUsage("--restore restores all of it: leave --sample away");
    }
    if (restorePoint != null && !NAME.matcher(restorePoint).matches()) {
      throw notAName(restorePoint);
    }
    if (threads < 1 || threads > 64) {
      throw badUsage("--threads must be from 1 to 64");
    }
    try (Site site = options.open()) {
      Store store = datastore.of(site);
      if (restore) {
        Proof proof = restored(site, store, named(store));
        output.print(out, proof, ProofText.restored(proof));
        return proof.intact() ? 0 : Category.DAMAGED.exitCode();
      }
      List<Proof> proofs = verified(site, store, named(store), fraction);
      String text = proofs.stream().map(ProofText::read).collect(Collectors.joining());
      output.print(out, proofs.size() == 1 ? proofs.getFirst() : proofs, text);
      return proofs.getLast().intact() ? 0 : Category.DAMAGED.exitCode();
    }
  }

  private List<Proof> verified(Site site, Store store, List<SnapshotId> asked, double fraction) {
    SecureRandom random = new SecureRandom();
    Proving proving = new Proving(site.vault(), store.declared(), Clock.systemUTC(), random);
    Sample sample = new Sample(fraction, random.nextLong());
    ProofLine progress = new ProofLine(err);
    return asked.isEmpty()
        ? proving.proveNewest(sample, threads, holder().person(), progress)
        : proving.proveAll(asked, sample, threads, holder().person(), progress);
  }

  private Proof restored(Site site, Store store, List<SnapshotId> asked) {
    return site.recovery()
        .trials()
        .prove(
            store,
            asked.isEmpty() ? Optional.empty() : Optional.of(asked.getLast()),
            holder(),
            TargetOptions.reading(err),
            new JobLine(err, "proof"));
  }

  private static Holder holder() {
    return Holder.thisProcess("chrysalis prove");
  }

  private static double fraction(String text) {
    try {
      double fraction =
          Double.parseDouble(text.endsWith("%") ? text.substring(0, text.length() - 1) : text)
              / 100;
      if (fraction >= 0 && fraction <= 1) {
        return fraction;
      }
    } catch (NumberFormatException e) {
      throw badUsage("--sample is no percentage: " + text);
    }
    throw badUsage("--sample must be from 0% to 100%: " + text);
  }

  private List<SnapshotId> named(Store store) {
    String named = restorePoint;
    try {
      return named == null ? List.of() : store.named(named);
    } catch (IllegalArgumentException e) {
      throw notAName(named);
    }
  }

  private static ChrysalisException notAName(@Nullable String text) {
    return badUsage(
        "not a restore point's name: " + text + "; they look like 20261123t021530z-7f3a9c");
  }

  private static ChrysalisException badUsage(String message) {
    return new ChrysalisException(
        CliErrors.BAD_USAGE, message, "see chrysalis prove --help and chrysalis restore-points");
  }
}
