package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Aside;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      List<Aside> asides =
          site.stack().datastores().values().stream()
              .flatMap(d -> site.platform().asides(d.workload()).stream())
              .toList();
      Columns columns = new Columns().row("MEMBER", "NAME", "SINCE", "MB");
      asides.forEach(a ->
          columns.row(
              a.member().toString(),
              a.name(),
              a.at().toString(),
              Long.toString(a.bytes() / 1_000_000)));
      output.print(out, asides, asides.isEmpty() ? "None.\n" : columns.toString());
      return 0;
    }
  }

  @Command(mixinStandardHelpOptions = true, name = "drop", description = "Removes one for good.")
  int drop(
      @Mixin SiteOptions options,
      @Parameters(paramLabel = "MEMBER") String member,
      @Parameters(paramLabel = "NAME") String name) {
    try (Site site = options.open()) {
      under(site, t -> site.platform().dropAside(t, MemberId.parse(member), name));
      out.println("Removed.");
      return 0;
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
