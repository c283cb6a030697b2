package dev.chrysalis.recovery.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.archive.MemberLogs;
import dev.chrysalis.cassandra.archive.NodeFacts;
import dev.chrysalis.cassandra.archive.RingInVault;
import dev.chrysalis.cassandra.archive.Spare;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.recovery.store.TrialStage;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.Proof;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What speaks against a restore point of a ring is a failed proof that is kept, whoever finds it;
/// what says nothing about it is an error.
class RingTrialTest {
  private final TrialStage stage =
      new TrialStage(
          "cassandra", Map.of("server", "up", "mode", "NORMAL", "gossip", "yes", "clients", "yes"));
  private final SnapshotId first = node(0, "a", "nightly", 1);

  @Test
  void aRingThatIsWholeIsProved() {
    SnapshotId second = node(1, "b", "nightly", 2);

    Proof proof = prove();

    assertThat(proof.intact()).isTrue();
    assertThat(proof.level()).isEqualTo(Proof.Level.QUERIED);
    assertThat(stage.tasks())
        .singleElement()
        .asString()
        .contains("cassandra-0=" + first + ",", "cassandra-1=" + second + ",");
    assertThat(proveNamed(first).intact()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifests/", "catalog/", "log/"})
  void whatTheControllerFindsDamagedIsAFailedProof(String kind) {
    SnapshotId second = node(1, "b", "nightly", 2);
    String key = stage.flip(kind);

    stage.assertFailed(prove(), second, "CHR-4103", key);
    assertThat(stage.tasks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifests/", "catalog/"})
  void whatItFindsDamagedOfABackupIsAFailedProofOfTheSnapshotThatIsNamed(String kind) {
    SnapshotId _ = node(1, "b", "nightly", 2);
    String key = stage.flip(kind);

    stage.assertFailed(proveNamed(first), first, "CHR-4103", key);
  }

  @Test
  void missingPacksAreAFailedProofOfWhichNoAgentIsAsked() {
    SnapshotId second = node(1, "b", "nightly", 2);
    String _ = stage.delete("packs/");
    stage.silence();

    stage.assertFailed(prove(), second, "CHR-4102", "lacks 1 of its packs");
  }

  @Test
  void aLogWithAMissingPieceIsNotPartOfWhatIsProved() {
    SnapshotId second = node(1, "b", "nightly", 2);
    String _ = stage.delete("log/cassandra/cassandra-1");

    assertThat(prove().intact()).isTrue();
    assertThat(stage.tasks())
        .singleElement()
        .asString()
        .contains("cassandra-0=" + first + ",")
        .endsWith("cassandra-1=" + second);
  }

  /// Each node's first snapshot comes in its own time: until then nothing could have failed.
  @Test
  void aRingOfWhichNotEveryNodeHasASnapshotIsAnErrorAndNoProof() {
    stage.assertUntried(this::prove, first, CassandraErrors.NO_RESTORE_POINT);
    stage.assertUntried(() -> proveNamed(first), first, CassandraErrors.NO_RESTORE_POINT);
  }

  @Test
  void aSnapshotThatIsNotThereOrCannotBeNamedIsAnErrorAndNoProof() {
    SnapshotId none = new SnapshotId("20200101t000000z-aaaaaa");
    stage.assertUntried(() -> proveNamed(none), none, VaultErrors.NO_SUCH_SNAPSHOT);

    SnapshotId _ = node(1, "b", "nightly", 2);
    SnapshotId _ = node(0, "a", "nightly", 3);
    stage.assertUntried(() -> proveNamed(first), first, VaultErrors.NO_SUCH_SNAPSHOT);
  }

  @Test
  void anAgentThatDoesNotAnswerIsAnErrorAndNoProof() {
    SnapshotId second = node(1, "b", "nightly", 2);
    stage.silence();

    stage.assertUntried(this::prove, second, CassandraErrors.UNREACHABLE);
  }

  @ParameterizedTest
  @MethodSource
  void whatTheAgentFindsMissingOrDamagedIsAFailedProof(ErrorCode code) {
    SnapshotId second = node(1, "b", "nightly", 2);
    stage.agentFails(code);

    stage.assertFailed(prove(), second, code.toString(), "object packs/1");
  }

  static List<ErrorCode> whatTheAgentFindsMissingOrDamagedIsAFailedProof() {
    return List.of(
        VaultErrors.OBJECT_MISSING,
        CassandraErrors.TABLE_UNREADABLE,
        CassandraErrors.NO_RESTORE_POINT,
        CassandraErrors.OUT_OF_WINDOW);
  }

  @ParameterizedTest
  @MethodSource
  void otherTroubleOfTheAgentIsAnErrorAndNoProof(ErrorCode code) {
    SnapshotId second = node(1, "b", "nightly", 2);
    stage.agentFails(code);

    stage.assertUntried(this::prove, second, PlatformErrors.JOB_FAILED);
  }

  static List<ErrorCode> otherTroubleOfTheAgentIsAnErrorAndNoProof() {
    return List.of(VaultErrors.UNREACHABLE, CassandraErrors.NO_ROOM);
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

  private RingTrial trial() {
    Datastore declared = stage.stack().datastores().values().iterator().next();
    Duration synced = Duration.ofSeconds(10);
    CassandraStore store =
        new CassandraStore(
            stage.stack(),
            declared,
            (Datastore.Kind.Cassandra) declared.kind(),
            stage.platform(),
            stage.jobs(),
            new RingInVault(stage.vault(), "cassandra", synced, stage.clock()),
            stage.clock());
    return new RingTrial(store, stage.agent());
  }

  /// A snapshot of one node of a ring of two, with a piece of its log before it and one behind it.
  private SnapshotId node(int ordinal, String host, String backup, int second) {
    MemberId member = new MemberId("cassandra", ordinal);
    Instant begun = TrialStage.NOON.plusSeconds(second);
    LogName log = new MemberLogs(stage.vault(), "cassandra", member).fresh(begun, ordinal);
    piece(log, 0, begun.minusSeconds(1));
    piece(log, 1, begun.plusSeconds(5));
    NodeFacts facts =
        new NodeFacts(
            member,
            backup,
            "butterfly",
            host,
            Set.of("a", "b"),
            "5.0.9",
            "s",
            "dc1",
            "rack1",
            begun,
            begun.plusSeconds(1),
            Optional.of(log.stream()),
            Spare.NONE,
            1000,
            0,
            List.of());
    return stage.snapshot("table", facts.toMap());
  }

  private void piece(LogName log, long position, Instant asOf) {
    Map<String, String> facts =
        Map.of(
            "segment", "CommitLog-7-1795743529719.log",
            "from", Long.toString(position * 8),
            "to", Long.toString(position * 8 + 8),
            "as-of", asOf.toString(),
            "life", "1");
    var _ = stage.vault().log(log).append(position, position + 1, ByteBuffer.allocate(8), facts);
  }
}
