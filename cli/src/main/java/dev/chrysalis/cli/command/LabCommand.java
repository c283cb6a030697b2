package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Programs;
import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.Lab;
import dev.chrysalis.lab.LabService;
import dev.chrysalis.lab.LabServices;
import dev.chrysalis.lab.LabStatus;
import dev.chrysalis.lab.RedisStatus;
import dev.chrysalis.lab.RingStatus;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "lab", description = "BUTTERFLY on this machine, to be broken.")
public final class LabCommand {
  private final PrintStream out;
  private final PrintStream err;

  public LabCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /// Which lab.
  static final class Folder {
    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description = "the lab's folder (default: $CHRYSALIS_LAB, or one of this user)")
    private @Nullable Path dir;

    Lab lab() {
      return Programs.ofThisProcess().lab(Optional.ofNullable(dir));
    }
  }

  @Command(mixinStandardHelpOptions = true, name = "up", description = "Makes a lab and starts it.")
  int up(
      @Mixin Folder folder,
      @Mixin Output output,
      @Option(
              names = "--services",
              paramLabel = "NAME,…",
              converter = ServicesConverter.class,
              description = "the services to start besides perception (default: all five)")
          @Nullable LabServices services) {
    Lab lab = folder.lab();
    LabStatus status =
        lab.up(
            Objects.requireNonNullElse(services, LabServices.WHOLE),
            line -> err.println("lab: " + line));
    output.print(out, status, text(status) + "\nNext: chrysalis backup, chrysalis status\n");
    return 0;
  }

  @Command(
      mixinStandardHelpOptions = true,
      name = "down",
      description = "Stops the lab and removes all of it.")
  int down(@Mixin Folder folder) {
    folder.lab().down();
    out.println("The lab is gone.");
    return 0;
  }

  @Command(
      mixinStandardHelpOptions = true,
      name = "status",
      description = "Shows what runs in the lab.")
  int status(@Mixin Folder folder, @Mixin Output output) {
    LabStatus status = folder.lab().status();
    output.print(out, status, text(status));
    return 0;
  }

  @Command(
      mixinStandardHelpOptions = true,
      name = "break",
      description = "Breaks something for good.")
  int breakIt(
      @Mixin Folder folder,
      @Mixin Output output,
      @Parameters(paramLabel = "FAULT", converter = FaultConverter.class) Fault fault,
      @Option(
              names = "--service",
              paramLabel = "NAME",
              converter = ServiceConverter.class,
              description = "the service that a service's fault hits (default: perception)")
          @Nullable LabService service) {
    if (service != null && fault.target() != Fault.Target.SERVICE) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE,
          FaultConverter.word(fault) + " does not hit one service",
          "leave --service out, or choose another fault: see chrysalis lab break --help");
    }
    Disaster disaster =
        folder.lab().breakIt(fault, Objects.requireNonNullElse(service, LabService.PERCEPTION));
    output.print(out, disaster, disaster + "\nNext: " + next(disaster) + "\n");
    return 0;
  }

  private static String next(Disaster disaster) {
    return disaster.restoreTo() == null
        ? "chrysalis assess, chrysalis recover"
        : "chrysalis recover data-corrupted --datastore "
            + disaster.members().getFirst().workload()
            + " --to "
            + disaster.restoreTo();
  }

  private static String text(LabStatus status) {
    Columns columns =
        new Columns()
            .row("folder", status.root().toString())
            .row("network", status.network())
            .row("primary", status.primary().map(Object::toString).orElse("none answers"))
            .row("followers", Integer.toString(status.followers()));
    if (status.redis() != null) {
      redis(columns, status.redis());
    }
    RingStatus ring = status.cassandra();
    if (ring != null) {
      columns.row("cassandra nodes", ring.ready() + " of " + ring.nodes() + " ready");
    }
    status
        .workloads()
        .forEach(w ->
            w.members()
                .forEach(m ->
                    columns.row(
                        m.id().toString(), m.address() + " " + (m.ready() ? "ready" : m.phase()))));
    return columns.toString();
  }

  private static void redis(Columns columns, RedisStatus redis) {
    MemberId master = redis.master();
    columns
        .row("redis master", master == null ? "none answers" : master.toString())
        .row("its replicas", Integer.toString(redis.replicas()))
        .row("its sentinels", Integer.toString(redis.sentinels()));
  }

  /// Reads `primary-lost`.
  static final class FaultConverter implements picocli.CommandLine.ITypeConverter<Fault> {
    @Override
    public Fault convert(String text) {
      try {
        return Fault.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
      } catch (IllegalArgumentException e) {
        throw new picocli.CommandLine.TypeConversionException(
            "no fault '" + text + "'; there are: " + names());
      }
    }

    private static String names() {
      return java.util.Arrays.stream(Fault.values())
          .map(FaultConverter::word)
          .collect(java.util.stream.Collectors.joining(", "));
    }

    static String word(Fault fault) {
      return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// Reads `nexus`.
  static final class ServiceConverter implements picocli.CommandLine.ITypeConverter<LabService> {
    @Override
    public LabService convert(String text) {
      try {
        return LabService.named(text);
      } catch (IllegalArgumentException e) {
        throw new picocli.CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }

  /// Reads `nexus,plato`.
  static final class ServicesConverter implements picocli.CommandLine.ITypeConverter<LabServices> {
    @Override
    public LabServices convert(String text) {
      try {
        return LabServices.parse(text);
      } catch (IllegalArgumentException e) {
        throw new picocli.CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }
}
