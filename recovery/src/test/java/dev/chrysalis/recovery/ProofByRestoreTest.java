package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.Finding;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.Proof;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What speaks against a restore point is a failed proof that is kept and found; what says nothing
/// about it is an error, and no proof.
class ProofByRestoreTest {
  private final ProofStage stage = new ProofStage();

  @AfterEach
  void nothingOfTheCopyIsLeft() {
    assertThat(stage.workloads()).containsExactly("postgres");
  }

  @Test
  void aRestorePointThatRestoresIsProvedAndAsked() {
    Proof proof = stage.prove();

    assertThat(proof.intact()).isTrue();
    assertThat(proof.level()).isEqualTo(Proof.Level.QUERIED);
    assertThat(proof.facts()).containsEntry("tables", "12");
    assertThat(findings()).isEmpty();
  }

  @Test
  void missingPacksAreAFailedProof() {
    stage.delete("packs/");

    assertFailed(stage.prove(), "CHR-5010: snapshot", "lacks 1 of its packs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifests/", "catalog/", "log/"})
  void whatTheControllerFindsMissingOrDamagedIsAFailedProof(String kind) {
    String key = stage.flip(kind);
    assertFailed(stage.prove(), "CHR-4103", key);
    assertFailed(stage.proveNamed(), "CHR-4103", key);
  }

  @Test
  void aMissingManifestIsAFailedProof() {
    String key = stage.delete("manifests/");

    assertFailed(stage.prove(), "CHR-4102", key);
    assertFailed(stage.proveNamed(), "CHR-4102", key);
  }

  @Test
  void missingWalIsAFailedProofOfTheNewest() {
    stage.delete("log/");

    assertFailed(stage.prove(), "CHR-5010", "over unbroken WAL");
  }

  @Test
  void missingWalIsAFailedProofOfTheSnapshotThatIsNamed() {
    stage.delete("log/");

    assertFailed(stage.proveNamed(), "CHR-5010", "no unbroken WAL leads to the end of snapshot");
  }

  @Test
  void aSnapshotThatIsNotThereIsAnErrorAndNoProof() {
    assertUntried(
        () -> stage.prove(Optional.of(new SnapshotId("20200101t000000z-aaaaaa"))),
        VaultErrors.NO_SUCH_SNAPSHOT);
  }

  @ParameterizedTest
  @MethodSource
  void whatTheAgentFindsMissingOrDamagedIsAFailedProof(ErrorCode code) {
    stage.restoreFails(code, "object packs/postgres/1 is damaged");

    assertFailed(stage.prove(), code.toString(), "object packs/postgres/1");
  }

  static List<ErrorCode> whatTheAgentFindsMissingOrDamagedIsAFailedProof() {
    return List.of(
        VaultErrors.OBJECT_MISSING,
        VaultErrors.OBJECT_DAMAGED,
        VaultErrors.SNAPSHOT_INCOMPLETE,
        VaultErrors.LOG_GAP,
        PostgresErrors.NO_RESTORE_POINT,
        PostgresErrors.PAGE_DAMAGED,
        PostgresErrors.WAL_DAMAGED,
        PostgresErrors.WAL_MISSING);
  }

  @ParameterizedTest
  @MethodSource
  void whatSaysNothingAboutTheVaultIsAnErrorOfTheAgentAndNoProof(ErrorCode code) {
    stage.restoreFails(code, "it cannot go on");

    assertUntried(stage::prove, PlatformErrors.JOB_FAILED);
  }

  static List<ErrorCode> whatSaysNothingAboutTheVaultIsAnErrorOfTheAgentAndNoProof() {
    return List.of(
        VaultErrors.UNREACHABLE,
        VaultErrors.TIMED_OUT,
        VaultErrors.ACCESS_DENIED,
        PostgresErrors.NO_ROOM,
        PostgresErrors.VOLUME_FAILED,
        PostgresErrors.INTERRUPTED);
  }

  @Test
  void anAgentThatDoesNotAnswerIsAnErrorAndNoProof() {
    stage.silence();

    assertUntried(stage::prove, PlatformErrors.JOB_UNKNOWN);
    stage.speak();
    stage.removeCopy();
  }

  @Test
  void aVaultThatCannotBeReachedIsAnErrorAndNoProof() {
    stage.loseVault();

    assertUntried(stage::prove, VaultErrors.UNREACHABLE);
  }

  @Test
  void noRoomForTheCopyIsAnErrorAndNoProof() {
    stage.room(3);

    assertUntried(stage::prove, PostgresErrors.NO_ROOM);
  }

  @Test
  void aServerThatDoesNotStartIsAFailedProofUnlessItsVolumeIsFull() {
    stage.serverCrashes();
    assertFailed(stage.prove(), "CHR-5017", "does not start");

    ProofStage full = new ProofStage();
    full.serverCrashes();
    full.room(1 << 20);
    assertThatThrownBy(full::prove)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(PostgresErrors.NO_ROOM));
    assertThat(full.kept()).isEmpty();
  }

  private void assertFailed(Proof proof, String... words) {
    assertThat(proof.intact()).isFalse();
    assertThat(proof.snapshot()).isEqualTo(stage.snapshot());
    assertThat(proof.facts().get("faults")).contains(words);
    assertThat(stage.kept()).contains(proof);
    assertThat(findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo("proof-failed"))
        .satisfies(f -> assertThat(f.text()).contains(words));
  }

  private void assertUntried(Runnable prove, ErrorCode code) {
    assertThatThrownBy(prove::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(stage.kept()).isEmpty();
  }

  private List<Finding> findings() {
    return stage.ages().stream().flatMap(age -> age.finding(Optional::empty).stream()).toList();
  }
}
