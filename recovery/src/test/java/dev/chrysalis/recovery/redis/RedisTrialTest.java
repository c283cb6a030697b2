package dev.chrysalis.recovery.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.store.TrialStage;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.redis.archive.LogNames;
import dev.chrysalis.redis.archive.PieceFacts;
import dev.chrysalis.redis.archive.RedisInVault;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.Proof;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What speaks against a base of Redis is a failed proof that is kept, whoever finds it; what says
/// nothing about it is an error.
class RedisTrialTest {
  private static final MemberId MASTER = new MemberId("redis", 0);
  private static final MemberId OTHER = new MemberId("redis", 1);

  private final TrialStage stage =
      new TrialStage("redis", Map.of("server", "up", "role", "master", "keys", "3"));
  private final SnapshotId base = base(MASTER, 1, "", "first");

  @BeforeEach
  void watchIt() {
    stage.platform().with("redis-sentinel", Workload.Kind.STATEFUL_SET, 3, 3, true);
  }

  @Test
  void aBaseThatIsWholeIsProved() {
    Proof proof = prove();

    assertThat(proof.intact()).isTrue();
    assertThat(proof.level()).isEqualTo(Proof.Level.QUERIED);
    assertThat(proveNamed(base).intact()).isTrue();
    assertThat(stage.tasks()).hasSize(2).allMatch(task -> task.contains("--snapshot " + base));
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifests/", "catalog/", "log/"})
  void whatTheControllerFindsDamagedIsAFailedProof(String kind) {
    String key = stage.flip(kind);

    stage.assertFailed(prove(), base, "CHR-4103", key);
    stage.assertFailed(proveNamed(base), base, "CHR-4103", key);
    assertThat(stage.tasks()).isEmpty();
  }

  @Test
  void missingPacksAreAFailedProofOfWhichNoAgentIsAsked() {
    String _ = stage.delete("packs/");
    stage.silence();

    stage.assertFailed(prove(), base, "CHR-4102", "lacks 1 of its packs");
    stage.assertFailed(proveNamed(base), base, "CHR-4102", "lacks 1 of its packs");
  }

  @Test
  void aMissingPieceOfTheLogThatBelongsToTheBaseIsAFailedProof() {
    String _ = stage.delete("log/");

    stage.assertFailed(prove(), base, "CHR-9010");
    stage.assertFailed(proveNamed(base), base, "CHR-9010", "what belongs to the base");
  }

  @Test
  void damageOfAnotherBaseDoesNotSpeakAgainstTheOneThatIsNamed() {
    SnapshotId later = base(MASTER, 2, "", "first");
    String _ = stage.flip("log/");
    String _ = stage.flip("manifests/");

    assertThat(proveNamed(base).intact()).isTrue();
    stage.assertFailed(proveNamed(later), later, "CHR-4103");
  }

  @Test
  void aBaseThatIsNotThereOrNotOfTheStoresDataIsAnErrorAndNoProof() {
    SnapshotId none = new SnapshotId("20200101t000000z-aaaaaa");
    stage.assertUntried(() -> proveNamed(none), none, VaultErrors.NO_SUCH_SNAPSHOT);

    SnapshotId _ = base(OTHER, 2, "first", "second");
    SnapshotId cutOff = base(MASTER, 3, "", "first");
    stage.assertUntried(() -> proveNamed(cutOff), cutOff, VaultErrors.NO_SUCH_SNAPSHOT);
  }

  @Test
  void aVaultWithoutABaseIsAnErrorAndNoProof() {
    String _ = stage.delete("catalog/");

    stage.assertUntried(this::prove, base, RedisErrors.NO_RESTORE_POINT);
  }

  @Test
  void anAgentThatDoesNotAnswerIsAnErrorAndNoProof() {
    stage.silence();

    stage.assertUntried(this::prove, base, RedisErrors.UNREACHABLE);
  }

  @ParameterizedTest
  @MethodSource
  void whatTheAgentFindsMissingOrDamagedIsAFailedProof(ErrorCode code) {
    stage.agentFails(code);

    stage.assertFailed(prove(), base, code.toString(), "object packs/1");
  }

  static List<ErrorCode> whatTheAgentFindsMissingOrDamagedIsAFailedProof() {
    return List.of(
        VaultErrors.OBJECT_MISSING, RedisErrors.RDB_DAMAGED, RedisErrors.NO_RESTORE_POINT);
  }

  @ParameterizedTest
  @MethodSource
  void otherTroubleOfTheAgentIsAnErrorAndNoProof(ErrorCode code) {
    stage.agentFails(code);

    stage.assertUntried(this::prove, base, PlatformErrors.JOB_FAILED);
  }

  static List<ErrorCode> otherTroubleOfTheAgentIsAnErrorAndNoProof() {
    return List.of(VaultErrors.UNREACHABLE, RedisErrors.NO_ROOM_TO_RESTORE);
  }

  private Proof prove() {
    return trial().prove(Optional.empty(), holder(), event -> {});
  }

  private Proof proveNamed(SnapshotId snapshot) {
    return trial().prove(Optional.of(snapshot), holder(), event -> {});
  }

  private static Holder holder() {
    return Holder.thisProcess("chrysalis prove");
  }

  private RedisTrial trial() {
    Datastore declared = stage.stack().datastores().values().iterator().next();
    RedisInVault points = new RedisInVault(stage.vault(), "redis", stage.clock());
    RedisStore store =
        new RedisStore(
            stage.stack(),
            declared,
            (Datastore.Kind.Redis) declared.kind(),
            stage.platform(),
            stage.jobs(),
            points,
            stage.clock());
    return new RedisTrial(store, stage.agent());
  }

  /// A base of that second with a log of its own, the first ten positions of which belong to it.
  private SnapshotId base(MemberId member, int second, String followed, String id) {
    LogName log = LogNames.fresh("redis", member, TrialStage.NOON.plusSeconds(second), 1);
    PieceFacts piece =
        new PieceFacts(
            10,
            TrialStage.NOON.plusSeconds(second),
            Optional.empty(),
            Optional.empty(),
            "f",
            "1",
            10,
            "");
    var _ =
        stage
            .vault()
            .log(log)
            .append(0, 10, ByteBuffer.wrap("0123456789".getBytes(US_ASCII)), piece.toMap());
    BaseFacts facts =
        new BaseFacts(
            member,
            "7.0.15",
            BaseFacts.Format.RDB,
            true,
            Optional.of(log.stream()),
            0,
            10,
            TrialStage.NOON.plusSeconds(second),
            3,
            id,
            9,
            followed);
    return stage.snapshot(BaseFacts.FILE, facts.toMap());
  }
}
