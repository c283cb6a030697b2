package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.VaultReference;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.Member;
import dev.chrysalis.recovery.ProtectionView;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.vault.Vault;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "check",
    description = "Checks that recovery would find all that it needs: platform, vault, agents.")
public final class CheckCommand implements Callable<Integer> {
  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  public CheckCommand(PrintStream out) {
    this.out = out;
  }

  /// One thing that was looked at.
  record Line(String what, boolean good, String seen) {}

  @Override
  public Integer call() {
    List<Line> lines;
    try (Site site = options.look()) {
      lines = lines(site, options.file().toString());
    }
    Columns columns = new Columns();
    lines.forEach(l -> columns.row(l.good() ? "ok" : "FAULT", l.what(), l.seen()));
    output.print(out, lines, columns.toString());
    return lines.stream().allMatch(Line::good) ? 0 : Category.VERIFICATION.exitCode();
  }

  /// Looks at everything; what is out of order stops no other look.
  static List<Line> lines(Site site, String file) {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("stack file", true, file));
    ProtectionView view = site.recovery().protection().look();
    lines.add(vault(site.stack().vault().location(), view));
    lines.addAll(LockLines.of(site.stack(), Instant.now()));
    lines.add(escrow(site.stack().vault()));
    lines.add(new Line("platform", true, site.platform().workloads().size() + " workloads"));
    for (Store store : site.recovery().stores()) {
      for (String workload : store.workloads()) {
        for (Member member : site.platform().workload(workload).members()) {
          lines.add(agent(site, member, store.checkTask()));
        }
      }
    }
    lines.add(protection(view));
    return lines;
  }

  private static Line vault(String location, ProtectionView view) {
    return switch (view) {
      case ProtectionView.Seen _ -> new Line("vault", true, location);
      case ProtectionView.Unreadable u ->
          new Line("vault", false, location + ": " + u.why() + "; " + u.hint());
    };
  }

  /// Whether the copy of the passphrase that is kept elsewhere would open the vault.
  private static Line escrow(VaultReference vault) {
    if (vault.escrow().isEmpty()) {
      return new Line(
          "escrow",
          true,
          "none declared: keep a copy of "
              + vault.passphraseFile()
              + " elsewhere (vault.escrowFile)");
    }
    Path file = vault.escrow().get();
    try (Vault _ = Site.vault(vault.unlockedBy(file))) {
      return new Line("escrow", true, file + " opens the vault");
    } catch (ChrysalisException e) {
      return new Line("escrow", false, e.code() + ": " + e.getMessage() + "; " + e.hint());
    }
  }

  private static Line protection(ProtectionView view) {
    return new Line("protection", view.faults().isEmpty(), view.summary() + " " + view.faults());
  }

  private static Line agent(Site site, Member member, List<String> task) {
    List<String> said = new ArrayList<>();
    ExecOutcome outcome = site.platform().exec(member.id(), task, said::add);
    return switch (outcome) {
      case ExecOutcome.Exited e ->
          new Line(
              "agent of " + member.id(),
              e.code() == 0,
              String.join("; ", said) + (e.code() == 0 ? "" : " " + e.errors().strip()));
      case ExecOutcome.Broken b -> new Line("agent of " + member.id(), false, b.reason());
    };
  }
}
