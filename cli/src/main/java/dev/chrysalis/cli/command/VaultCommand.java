package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.LockableVault;
import dev.chrysalis.cli.NewVault;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.VaultReference;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.copy.CopyCheck;
import dev.chrysalis.vault.copy.VaultCopy;
import dev.chrysalis.vault.lock.LockKeeper;
import dev.chrysalis.vault.proof.Sample;
import dev.chrysalis.vault.s3.Backends;
import java.io.PrintStream;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "vault",
    description = "The vault itself: makes one, a second copy of it, and holds what it needs.")
public final class VaultCommand {
  private static final double MEGABYTE = 1e6;
  private static final int TOLD_EVERY = 1000;
  private static final int THREADS = 8;

  private final PrintStream out;
  private final PrintStream err;

  public VaultCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Command(
      mixinStandardHelpOptions = true,
      name = "create",
      description = {
        "Makes the vault that the stack file names, empty. Where the passphrase's file is missing, a",
        "passphrase is drawn at random and written there. Refused where there is a vault already."
      })
  int create(@Mixin SiteOptions options, @Mixin Output output) {
    VaultReference vault = options.stack().vault();
    VaultLocation location = VaultLocation.parse(vault.location());
    boolean drawn = new NewVault().create(location, vault.passphraseFile());
    output.print(
        out,
        new Made(location.toString(), vault.passphraseFile().toString(), drawn),
        """
        The vault %s is made. Its passphrase is %s %s.
        Keep a copy of the passphrase where no disaster takes it with the vault and this machine:
        without it nobody can restore.
        Next: chrysalis backup, chrysalis protect
        """
            .formatted(location, drawn ? "new, in" : "the one in", vault.passphraseFile()));
    return 0;
  }

  /// What `vault create -o json` prints.
  ///
  /// @param drawn whether the passphrase was drawn
  record Made(String location, String passphraseFile, boolean drawn) {}

  @Command(
      mixinStandardHelpOptions = true,
      name = "copy",
      description = {
        "Copies what another place does not have yet, byte for byte. The copy is the same vault,",
        "with the same passphrase: a stack can be recovered from it."
      })
  int copy(
      @Mixin SiteOptions options,
      @Mixin Output output,
      @Option(names = "--to", required = true, paramLabel = "LOCATION") String to) {
    VaultLocation target = target(options, to);
    NewVault.requireLocking(target);
    try (Backend from = Backends.open(vault(options));
        Backend copy = Backends.create(target)) {
      VaultCopy.Copied copied =
          new VaultCopy(from, copy, THREADS)
              .run((objects, bytes) -> {
                if (objects % TOLD_EVERY == 0) {
                  err.printf("copied %d objects, %.0f MB%n", objects, bytes / MEGABYTE);
                }
              });
      NewVault.requireHeld(target);
      output.print(
          out,
          copied,
          "Copied %d objects, %.1f MB; %d were there already.%n"
              .formatted(copied.objects(), copied.bytes() / MEGABYTE, copied.present()));
      return 0;
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      name = "lock",
      description = {
        "Holds every object that a restore needs for the whole lock from now on, where less than",
        "half of it is left. protect does this by itself; can be broken off and run again. The exit",
        "code is 14 where a snapshot cannot be read, so that nobody knows what it needs."
      })
  int lock(@Mixin SiteOptions options, @Mixin Output output) {
    try (Site site = options.open();
        LockableVault vault = LockableVault.open(site.stack().vault())) {
      Holder holder = Holder.thisProcess("chrysalis vault lock");
      LockKeeper.Held held =
          vault.round(
              site,
              holder,
              (objects, extended) -> {
                if (objects % TOLD_EVERY == 0) {
                  err.printf("looked at %d objects, extended %d%n", objects, extended);
                }
              });
      output.print(out, held, ScheduledHolding.summary(held) + System.lineSeparator());
      return held.unread() == 0 ? 0 : Category.DAMAGED.exitCode();
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      name = "check-copy",
      description = {
        "Compares a copy with the vault: all keys and sizes, and the bytes of a sample. The exit",
        "code is 14 where anything differs; what the copy does not have yet is no difference."
      })
  int checkCopy(
      @Mixin SiteOptions options,
      @Mixin Output output,
      @Option(names = "--to", required = true, paramLabel = "LOCATION") String to,
      @Option(
              names = "--sample",
              paramLabel = "PERCENT",
              defaultValue = "1",
              description = "how much is read and compared, in percent (default: 1)")
          double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE, "--sample must be from 0 to 100", "see chrysalis vault --help");
    }
    VaultLocation target = target(options, to);
    try (Backend from = Backends.open(vault(options));
        Backend copy = Backends.open(target)) {
      Sample sample = new Sample(percent / 100, new SecureRandom().nextLong());
      CopyCheck.Compared compared = new CopyCheck(from, copy, THREADS).run(sample);
      output.print(out, compared, text(compared));
      return compared.same() ? 0 : Category.DAMAGED.exitCode();
    }
  }

  private static String text(CopyCheck.Compared c) {
    Columns columns = new Columns();
    c.different().forEach(d -> columns.row(d.key(), d.why()));
    return "%s%d objects in both, %d read and compared (%.1f MB); the copy lacks %d (%.1f MB)%n"
            .formatted(
                columns,
                c.objects(),
                c.read(),
                c.readBytes() / MEGABYTE,
                c.behind(),
                c.behindBytes() / MEGABYTE)
        + (c.same() ? "" : "DIFFERENT: %d objects%n".formatted(c.differences()));
  }

  private static VaultLocation vault(SiteOptions options) {
    return VaultLocation.parse(options.stack().vault().location());
  }

  private static VaultLocation target(SiteOptions options, String to) {
    VaultLocation target = VaultLocation.parse(to);
    if (target.equals(vault(options))) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE,
          "the copy would lie where the vault is: " + target,
          "name another place");
    }
    return target;
  }
}
