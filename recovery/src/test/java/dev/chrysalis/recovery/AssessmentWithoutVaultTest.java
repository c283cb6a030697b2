package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is told of a stack whose vault is away.
class AssessmentWithoutVaultTest {
  private final ChrysalisException away =
      new ChrysalisException(
          new ErrorCode(4007, Category.CONFIGURATION),
          "the vault's directory does not exist: /srv/vault",
          "check the path and that it is mounted");

  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC())
          .with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true)
          .with("perception", Workload.Kind.DEPLOYMENT, 1, 2, false);
  private final Recovery recovery = recovery(away);

  @Test
  void reportsTheVaultAsACriticalFindingWithItsErrorAndWhatToDo() {
    assertThat(recovery.assess().findings())
        .filteredOn(f -> f.kind().equals("vault-unreachable"))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.severity()).isEqualTo(Severity.CRITICAL);
          assertThat(f.text()).contains("CHR-4007").contains("does not exist: /srv/vault");
          assertThat(f.evidence()).containsEntry("hint", away.hint());
        });
  }

  @Test
  void stillFindsTheScenarioFromTheMembers() {
    platform.loseVolume(new MemberId("postgres", 0));
    platform.loseVolume(new MemberId("postgres", 1));

    Assessment found = recovery.assess();

    assertThat(found.scenario()).isEqualTo("store-lost");
    assertThat(found.findings()).extracting(Finding::kind).contains("vault-unreachable");
  }

  @Test
  void refusesToPlanWithTheVaultsOwnError() {
    platform.loseVolume(new MemberId("postgres", 0));
    platform.loseVolume(new MemberId("postgres", 1));
    Assessment found = recovery.assess();

    assertThatThrownBy(() -> recovery.plan(found, Optional.empty()))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(away.code()));
  }

  @Test
  void failsTheBoxOfProtectionInTheChecklist() {
    assertThat(recovery.checklist().go().checks())
        .filteredOn(c -> c.name().equals("protection"))
        .singleElement()
        .satisfies(c -> assertThat(c.evidence()).contains("CHR-4007"));
  }

  @Test
  void doesNotTakeAnInterruptionForAVaultThatIsAway() {
    ErrorCode interrupted = new ErrorCode(4009, Category.INTERRUPTED);
    Recovery stopped = recovery(new ChrysalisException(interrupted, "interrupted", "run it again"));

    assertThatThrownBy(() -> stopped.protection().look())
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(interrupted));
  }

  private Recovery recovery(ChrysalisException why) {
    UnreadableVault vault = new UnreadableVault(why);
    return new Recovery(stack(), platform, vault, vault, Surroundings.system());
  }

  private static Stack stack() {
    return StackFile.parse(
        "stack.yaml",
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/platform}
        vault: {location: 'file:///srv/vault', passphraseFile: /srv/passphrase}
        services:
          perception: {needs: [postgres]}
        datastores:
          postgres: {kind: postgresql}
        """);
  }
}
