package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.recovery.Asides;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "aside", description = "Volumes that recoveries set aside.")
public final class AsideCommand {
  private static final Duration WAIT_FOR_LEASE = Duration.ofSeconds(40);

  private final PrintStream out;

  public AsideCommand(PrintStream out) {
    this.out = out;
  }

  @Command(mixinStandardHelpOptions = true, name = "list", description = "Lists them.")
  int list(@Mixin SiteOptions options, @Mixin Output output) {
    try (Site site = options.look()) {
      Asides kept = site.recovery().asides();
      List<Aside> asides = kept.list();
      Columns columns = new Columns().row("MEMBER", "NAME", "SINCE", "AGE", "MB");
      asides.forEach(a ->
          columns.row(
              a.member().toString(),
              a.name(),
              a.at().toString(),
              Durations.show(kept.age(a)),
              Long.toString(a.bytes() / 1_000_000)));
      output.print(out, asides, asides.isEmpty() ? "None.\n" : columns.toString());
      return 0;
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      name = "drop",
      description = "Removes one for good, or all that are old and of no open run.")
  int drop(
      @Mixin SiteOptions options,
      @Parameters(paramLabel = "MEMBER", arity = "0..1", index = "0") @Nullable String member,
      @Parameters(paramLabel = "NAME", arity = "0..1", index = "1") @Nullable String name,
      @Option(
              names = "--older-than",
              paramLabel = "AGE",
              description = "all that are older than that: 7d, 36h")
          @Nullable String age) {
    if (age != null && member == null && name == null) {
      return dropOld(options, age(age));
    }
    if (age != null || member == null || name == null) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE,
          "aside drop takes MEMBER and NAME, or --older-than AGE",
          "see what there is: chrysalis aside list");
    }
    try (Site site = options.open()) {
      under(site, t -> site.platform().dropAside(t, MemberId.parse(member), name));
      out.println("Removed.");
      return 0;
    }
  }

  private int dropOld(SiteOptions options, Duration age) {
    try (Site site = options.open()) {
      under(
          site,
          token -> {
            List<Aside> old = site.recovery().asides().olderThan(age);
            site.recovery().asides().drop(token, old);
            old.forEach(a -> out.println("Removed " + a.name() + " of " + a.member() + "."));
            if (old.isEmpty()) {
              out.println("None is older than that, or it belongs to a run that can go on.");
            }
          });
      return 0;
    }
  }

  private static Duration age(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE,
          "--older-than " + e.getMessage(),
          "for one: chrysalis aside drop --older-than 7d",
          e);
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      name = "give-back",
      description = "Puts one back in its stopped member's place; what lies there is removed.")
  int giveBack(
      @Mixin SiteOptions options,
      @Parameters(paramLabel = "MEMBER") String member,
      @Parameters(paramLabel = "NAME") String name) {
    try (Site site = options.open()) {
      under(site, t -> site.platform().giveBack(t, MemberId.parse(member), name));
      out.println("Given back.");
      return 0;
    }
  }

  private static void under(Site site, Consumer<Token> change) {
    Holder holder = Holder.thisProcess("chrysalis aside");
    try (Lease lease =
        site.recovery().leases().acquire(site.stack().name(), holder, WAIT_FOR_LEASE)) {
      change.accept(lease.token());
    }
  }
}
