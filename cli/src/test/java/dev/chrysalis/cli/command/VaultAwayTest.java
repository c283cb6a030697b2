package dev.chrysalis.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cli.Site;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.Recovery;
import dev.chrysalis.recovery.UnreadableVault;
import dev.chrysalis.vault.VaultErrors;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands that only look say while the vault is away.
class VaultAwayTest {
  @TempDir private Path folder;
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC())
          .with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true)
          .with("perception", Workload.Kind.DEPLOYMENT, 1, 2, false);

  @Test
  void opensASiteToLookAtWhereTheVaultIsGoneButNoneToChangeAnything() {
    try (Site site = Site.look(stack())) {
      assertThat(site.recovery().protection().look().faults())
          .singleElement()
          .asString()
          .contains("CHR-4007")
          .contains(folder.resolve("vault").toString());
    }
    assertThatThrownBy(() -> Site.open(stack()))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(VaultErrors.BAD_LOCATION));
  }

  @Test
  void assessTellsTheScenarioAndThatTheVaultIsAway() {
    platform.loseVolume(new MemberId("postgres", 0));
    platform.loseVolume(new MemberId("postgres", 1));

    assertThat(AssessCommand.text(site().recovery().assess()))
        .contains("scenario: store-lost")
        .containsPattern("CRITICAL +vault-unreachable +the vault cannot be read: CHR-4007");
  }

  @Test
  void statusTellsTheMembersAndThatTheRecoveryPointIsUnknown() {
    assertThat(StatusCommand.text(StatusCommand.status(site())))
        .containsPattern("recovery point +unknown, the vault cannot be read: CHR-4007")
        .containsPattern("member +postgres-0")
        .containsPattern("member +postgres-1")
        .doesNotContain("all well");
  }

  @Test
  void checkNamesTheVaultAsTheFaultAndStillAsksTheAgents() {
    assertThat(CheckCommand.lines(site(), "stack.yaml"))
        .filteredOn(l -> !l.good())
        .extracting(CheckCommand.Line::what)
        .containsExactly("vault", "protection");
    assertThat(CheckCommand.lines(site(), "stack.yaml"))
        .extracting(CheckCommand.Line::what)
        .contains("agent of postgres-0", "agent of postgres-1");
  }

  private Site site() {
    UnreadableVault vault =
        new UnreadableVault(
            new ChrysalisException(
                VaultErrors.BAD_LOCATION, "the vault's directory does not exist", "mount it"));
    Stack stack = stack();
    return new Site(
        stack,
        platform,
        new Recovery(stack, platform, vault, vault, Surroundings.system()),
        () -> {
          throw new AssertionError("nobody may need the vault");
        },
        () -> {});
  }

  private Stack stack() {
    return StackFile.parse(
        "stack.yaml",
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/platform}
        vault: {location: 'file://%s/vault', passphraseFile: /srv/passphrase}
        services:
          perception: {needs: [postgres]}
        datastores:
          postgres: {kind: postgresql}
        """
            .formatted(folder));
  }
}
