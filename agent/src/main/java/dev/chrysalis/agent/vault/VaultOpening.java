package dev.chrysalis.agent.vault;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.DirectoryBackend;
import dev.chrysalis.vault.backend.RetryingBackend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.S3Backend;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which vault, and what unlocks it. The passphrase itself is never an argument.
public final class VaultOpening {
  private static final String PASSPHRASE = "CHRYSALIS_PASSPHRASE";

  @Option(
      names = "--vault",
      paramLabel = "URL",
      description = "file:///…, or s3://bucket/prefix?region=… (CHRYSALIS_VAULT)")
  private @Nullable String location;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "file whose first line unlocks the vault (CHRYSALIS_PASSPHRASE_FILE; else the variable"
              + " CHRYSALIS_PASSPHRASE holds it)")
  private @Nullable Path passphraseFile;

  /// Opens the vault; what of it is damaged and was worked around goes to `notices`.
  public Vault open(AgentEnvironment environment, Consumer<String> notices) {
    String text = location != null ? location : environment.required("CHRYSALIS_VAULT", "--vault");
    VaultOptions options =
        VaultOptions.defaults()
            .withNotices(damage -> notices.accept(damage.code() + ": " + damage.getMessage()));
    Backend backend = RetryingBackend.standard(backend(VaultLocation.parse(text)));
    try (Passphrase passphrase = passphrase(environment)) {
      return VaultRepository.open(
          backend, passphrase, new SecureRandom(), Clock.systemUTC(), options);
    } catch (ChrysalisException e) {
      backend.close();
      throw e;
    }
  }

  private static Backend backend(VaultLocation location) {
    return switch (location) {
      case VaultLocation.InDirectory directory -> DirectoryBackend.at(directory.path());
      case VaultLocation.InS3 s3 -> S3Backend.open(s3);
    };
  }

  private Passphrase passphrase(AgentEnvironment environment) {
    if (passphraseFile != null) {
      return Passphrase.ofFile(passphraseFile);
    }
    return environment
        .variable("CHRYSALIS_PASSPHRASE_FILE")
        .map(file -> Passphrase.ofFile(Path.of(file)))
        .orElseGet(() -> Passphrase.ofVariable(environment.variables(), PASSPHRASE));
  }
}
