package dev.chrysalis.vault.prune;

import static dev.chrysalis.vault.VaultFixture.NOW;
import static dev.chrysalis.vault.VaultFixture.SMALL;
import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.proof.Inspection;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.ProofRequest;
import dev.chrysalis.vault.proof.Proofs;
import dev.chrysalis.vault.proof.Sample;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PrunerTest {
  private static final LogName LOG = new LogName("postgres", "7/00000001");
  private static final PruneGuard IMPATIENT = new Guard();

  private record Guard() implements PruneGuard {
    @Override
    public void mayGoOn() {}

    @Override
    public boolean waitFor(int openSessions) {
      return false;
    }
  }

  private final MemoryBackend backend = new MemoryBackend();
  private final VaultRepository vault = VaultFixture.create(backend);
  private final Pruner pruner = vault.pruner(backend);

  private Snapshot snapshot(int number) {
    return VaultFixture.snapshot(
        vault, "postgres", Map.of("same", content(7, 900), "own", noise(number, 500)));
  }

  private static PruneRequest drop(Snapshot... snapshots) {
    Set<SnapshotId> ids = Stream.of(snapshots).map(Snapshot::id).collect(Collectors.toSet());
    return new PruneRequest("postgres", ids, List.of(), NOW.minusSeconds(60));
  }

  private Pruned prune(PruneRequest request) {
    return pruner.sweep(pruner.hide(request, IMPATIENT), IMPATIENT);
  }

  private List<String> keys(String prefix) {
    return backend.keys().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  @Test
  void aDroppedSnapshotGoesWithAllThatOnlyItNeeded() {
    Snapshot first = snapshot(1);
    Snapshot second = snapshot(2);
    Snapshot third = snapshot(3);
    Pruned forecast = pruner.forecast(drop(second));

    Pruned pruned = prune(drop(second));

    assertThat(pruned).isEqualTo(forecast);
    assertThat(pruned.snapshots()).isEqualTo(1);
    assertThat(pruned.packs()).isEqualTo(1);
    assertThat(backend.keys()).noneMatch(key -> key.contains(second.id().toString()));
    assertThat(vault.snapshots("postgres")).containsExactlyInAnyOrder(first, third);
    assertThat(prune(drop())).isEqualTo(new Pruned(0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aPackThatOthersNeedStaysAndSoDoesItsIndex() {
    Snapshot first = snapshot(1);
    Snapshot second = snapshot(2);

    assertThat(prune(drop(first)).packs()).isZero();

    assertThat(keys("packs/postgres/" + first.id())).hasSize(1);
    assertThat(keys("index/postgres/" + first.id())).hasSize(1);
    assertThat(keys("manifests/")).containsExactly("manifests/postgres/" + second.id());
  }

  @Test
  void aRunningBackupIsWaitedForAndWhatItUsesStays() {
    Snapshot first = snapshot(1);
    Snapshot second = snapshot(2);
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      VaultFixture.file(writer, "own", noise(2, 500));

      Pruned pruned = prune(drop(second));
      assertThat(pruned.waitingFor()).isEqualTo(1);
      assertThat(pruned.packs()).isZero();

      Snapshot third = writer.commit(Map.of());
      assertThat(third.newBytes()).isZero();
    }
    assertThat(prune(drop()).packs()).isZero();
    assertThat(vault.snapshots("postgres")).hasSize(2).contains(first);
    try (var reader = vault.openSnapshot("postgres", vault.snapshotIds("postgres").getLast())) {
      assertThat(reader.missingPacks()).isEmpty();
    }
  }

  @Test
  void aDeadSessionIsClosedAndItsWriterIsToldWhenItWakesUp() {
    snapshot(1);
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      VaultFixture.file(writer, "own", noise(2, 500));
      PruneRequest request =
          new PruneRequest("postgres", Set.of(), List.of(), Instant.now().plusSeconds(1));
      assertThat(prune(request).sessions()).isEqualTo(1);
      // Prune after prune: what refuses the writer stays for good.
      prune(request);

      assertThatThrownBy(() -> writer.commit(Map.of()))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(VaultErrors.SESSION_ABANDONED));
    }
    assertThat(vault.snapshots("postgres")).hasSize(1);
    assertThat(prune(drop()).packs()).isEqualTo(1);
  }

  @Test
  void aPackThatGoesWhileAWriterListsIsNotUsed() {
    snapshot(1);
    Snapshot second = snapshot(2);
    String pack = keys("packs/postgres/" + second.id()).getFirst();
    String mark = pack.replace("packs/", "doomed/");
    backend.create("removed/postgres/" + second.id(), Body.of(new byte[0]));
    backend.create(mark, Body.of(new byte[0]));
    Backend pruning =
        new AfterListing(
            backend,
            () -> {
              backend.delete(pack);
              backend.delete(mark);
            });
    try (VaultRepository writing = VaultFixture.open(pruning, SMALL);
        SnapshotWriter writer = writing.beginSnapshot("postgres")) {
      VaultFixture.file(writer, "own", noise(2, 500));
      Snapshot third = writer.commit(Map.of());
      try (var reader = vault.openSnapshot("postgres", third.id())) {
        assertThat(reader.missingPacks()).isEmpty();
      }
    }
  }

  @Test
  void whatTheStoreHoldsBackIsCountedAndGoesLater() {
    snapshot(1);
    Snapshot second = snapshot(2);
    Predicate<String> packs = key -> key.startsWith("packs/");
    Pruner held = vault.pruner(new Locked(backend, packs));

    Pruned pruned = held.sweep(held.hide(drop(second), IMPATIENT), IMPATIENT);

    assertThat(pruned.locked()).isEqualTo(1);
    assertThat(pruned.packs()).isZero();
    assertThat(keys("doomed/")).hasSize(1);
    assertThat(prune(drop()).packs()).isEqualTo(1);
    assertThat(keys("doomed/")).isEmpty();
  }

  @Test
  void aSnapshotWhoseRecordIsHeldBackStaysInvisible() {
    Snapshot first = snapshot(1);
    Snapshot second = snapshot(2);
    Pruner held = vault.pruner(new Locked(backend, key -> key.startsWith("catalog/")));

    held.sweep(held.hide(drop(second), IMPATIENT), IMPATIENT);

    assertThat(vault.snapshots("postgres")).containsExactly(first);
    prune(drop());
    assertThat(backend.keys()).noneMatch(key -> key.contains(second.id().toString()));
  }

  @Test
  void nothingIsDeletedWhereNobodyKnowsWhatIsNeeded() {
    Snapshot first = snapshot(1);
    Snapshot second = snapshot(2);
    backend.delete("manifests/postgres/" + first.id());

    assertThatThrownBy(() -> prune(drop(second)))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(VaultErrors.PRUNE_UNSAFE));
    assertThat(keys("packs/")).hasSize(2);
  }

  @Test
  void theProofsOfASnapshotGoWithIt() {
    Snapshot first = snapshot(1);
    Snapshot second = snapshot(2);
    Proofs proofs = new Proofs(vault.records(), new Random(1));
    for (Snapshot snapshot : List.of(first, second)) {
      ProofRequest request =
          new ProofRequest("postgres", snapshot.id(), List.of(), Sample.all(), 1);
      Inspection found = vault.prover().prove(request, (bytes, total) -> {});
      proofs.keep(Proof.of(request, found, NOW, "ana@b"));
    }

    prune(drop(second));

    assertThat(keys("records/proofs/")).singleElement().asString().contains(first.id().toString());
  }

  @Test
  void aLogIsShortenedAndKeepsIslands() {
    snapshot(1);
    LogStream log = vault.log(LOG);
    for (int at = 100; at < 1000; at += 100) {
      log.append(at, at + 100, ByteBuffer.wrap(noise(at, 100)), Map.of());
    }
    LogKeep keep =
        new LogKeep(
            LOG, List.of(new LogExtent(350, 450), new LogExtent(700, Long.MAX_VALUE)), Instant.MAX);
    PruneRequest request =
        new PruneRequest("postgres", Set.of(), List.of(keep), NOW.minusSeconds(60));
    Pruned forecast = pruner.forecast(request);

    Pruned pruned = prune(request);

    assertThat(pruned).isEqualTo(forecast);
    assertThat(pruned.pieces()).isEqualTo(4);
    assertThat(log.extents()).containsExactly(new LogExtent(300, 500), new LogExtent(700, 1000));
    try (Stream<LogPiece> pieces = log.pieces(0, Long.MAX_VALUE)) {
      assertThat(pieces.map(LogPiece::from)).containsExactly(300L, 400L, 700L, 800L, 900L);
    }
    prune(request);
    assertThat(keys("gaps/")).isEmpty();
    assertThat(keys("log/")).hasSize(5);
    assertThat(log.append(1000, 1100, ByteBuffer.wrap(noise(1, 100)), Map.of()))
        .isInstanceOf(LogStream.Appended.Stored.class);
    assertThatThrownBy(() -> log.append(550, 600, ByteBuffer.allocate(50), Map.of()))
        .hasMessageContaining("was pruned");
  }

  @Test
  void theNewestPieceAndWhatWasSealedLatelyStay() {
    snapshot(1);
    LogStream log = vault.log(LOG);
    for (int at = 0; at < 300; at += 100) {
      log.append(at, at + 100, ByteBuffer.wrap(noise(at, 100)), Map.of());
    }
    prune(cutAll(NOW));
    assertThat(keys("log/")).hasSize(3);
    prune(cutAll(NOW.plusSeconds(1)));
    assertThat(keys("log/")).hasSize(1);
    assertThat(log.extents()).containsExactly(new LogExtent(200, 300));
  }

  private static PruneRequest cutAll(Instant sealedSince) {
    LogKeep nothing = new LogKeep(LOG, List.of(), sealedSince);
    return new PruneRequest("postgres", Set.of(), List.of(nothing), NOW.minusSeconds(60));
  }

  @Test
  void notAllSnapshotsAreEverDropped() {
    Snapshot only = snapshot(1);
    assertThatThrownBy(() -> prune(drop(only))).isInstanceOf(IllegalArgumentException.class);
  }

  /// Does something once, between the first and the second of a writer's listings.
  private record AfterListing(MemoryBackend inner, Runnable act) implements Backend {
    @Override
    public Traits traits() {
      return inner.traits();
    }

    @Override
    public Created create(String key, Body body) {
      return inner.create(key, body);
    }

    @Override
    public InputStream open(String key, long offset, long length) {
      return inner.open(key, offset, length);
    }

    @Override
    public OptionalLong size(String key) {
      return inner.size(key);
    }

    @Override
    public Stream<Listed> list(String prefix) {
      List<Listed> listed = inner.list(prefix).toList();
      if (prefix.startsWith("packs/") || prefix.startsWith("doomed/")) {
        act.run();
      }
      return listed.stream();
    }

    @Override
    public void close() {}
  }

  /// A store that holds objects back from deletion.
  private record Locked(MemoryBackend inner, Predicate<String> held) implements ErasingBackend {
    @Override
    public void delete(String key) {
      if (held.test(key)) {
        throw new ChrysalisException(VaultErrors.OBJECT_LOCKED, key + " is locked", "wait");
      }
      inner.delete(key);
    }

    @Override
    public Traits traits() {
      return inner.traits();
    }

    @Override
    public Created create(String key, Body body) {
      return inner.create(key, body);
    }

    @Override
    public InputStream open(String key, long offset, long length) {
      return inner.open(key, offset, length);
    }

    @Override
    public OptionalLong size(String key) {
      return inner.size(key);
    }

    @Override
    public Stream<Listed> list(String prefix) {
      return inner.list(prefix);
    }

    @Override
    public void close() {}
  }
}
