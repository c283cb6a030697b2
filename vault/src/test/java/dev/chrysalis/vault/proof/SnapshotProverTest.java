package dev.chrysalis.vault.proof;

import static dev.chrysalis.vault.VaultFixture.NOW;
import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.DamagedObject;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SnapshotProverTest {
  private static final LogName LOG = new LogName("postgres", "7/00000001");

  private final MemoryBackend backend = new MemoryBackend();
  private final Vault vault = VaultFixture.create(backend);
  private final Snapshot first = snapshot(1);
  private final Snapshot second = snapshot(2);

  SnapshotProverTest() {
    LogStream log = vault.log(LOG);
    for (int at = 1000; at < 1500; at += 100) {
      log.append(at, at + 100, ByteBuffer.wrap(noise(at, 100)), Map.of());
    }
  }

  private Snapshot snapshot(int number) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("same", content(7, 900_000));
    for (int i = 0; i < 8; i++) {
      files.put("own-" + i, noise(number * 100L + i, 300_000));
    }
    return VaultFixture.snapshot(vault, "postgres", files);
  }

  private ProofRequest request(Snapshot snapshot, Sample sample) {
    List<LogRange> logs = List.of(new LogRange(LOG, 1100, 1500));
    return new ProofRequest("postgres", snapshot.id(), logs, sample, 3);
  }

  private Inspection prove(Snapshot snapshot, Sample sample) {
    return vault.prover().prove(request(snapshot, sample), (bytes, total) -> {});
  }

  private List<String> damaged(Snapshot snapshot) {
    return prove(snapshot, Sample.all()).damaged().stream().map(DamagedObject::key).toList();
  }

  @Test
  void readsAllThatARestoreNeedsAndSaysHowFarItIs() {
    AtomicLong last = new AtomicLong();
    Inspection found =
        vault
            .prover()
            .prove(
                request(second, Sample.all()),
                (bytes, total) -> {
                  assertThat(bytes).isGreaterThan(last.getAndSet(bytes)).isLessThanOrEqualTo(total);
                });

    assertThat(found.intact()).isTrue();
    assertThat(found.bytes()).isEqualTo(second.bytes() + 400);
    assertThat(found.pieces()).isEqualTo(4);
    assertThat(found.packs()).isGreaterThan(2);
    assertThat(last).hasValue(found.bytes());
  }

  @Test
  void namesADamagedPackAndCountsTheFilesThatItTouches() {
    String pack = packOf(second, 0);
    damage(pack, 100);

    Inspection found = prove(second, Sample.all());

    assertThat(found.intact()).isFalse();
    assertThat(found.damaged())
        .singleElement()
        .satisfies(d -> {
          assertThat(d.key()).isEqualTo(pack);
          assertThat(d.why()).contains("not authentic");
        });
    assertThat(found.damagedFiles()).isEqualTo(1);
    assertThat(prove(first, Sample.all()).intact()).isTrue();
  }

  @Test
  void goesOnBehindDamageAndNamesAllOfIt() {
    String missing = packOf(second, 1);
    backend.delete(missing);
    String piece = "log/postgres/7/00000001/%016x.piece".formatted(1200);
    damage(piece, 40);
    String gone = "log/postgres/7/00000001/%016x.piece".formatted(1400);
    backend.delete(gone);

    assertThat(damaged(second)).containsExactly(piece, gone, missing);
  }

  @Test
  void namesAPieceThatIsMissingInTheMiddleOrAtTheEnd() {
    String middle = "log/postgres/7/00000001/%016x.piece".formatted(1300);
    backend.delete(middle);
    assertThat(damaged(first)).containsExactly(middle);

    ProofRequest further =
        new ProofRequest(
            "postgres", first.id(), List.of(new LogRange(LOG, 1400, 1600)), Sample.all(), 1);
    assertThat(vault.prover().prove(further, (bytes, total) -> {}).damaged())
        .extracting(DamagedObject::key)
        .containsExactly("log/postgres/7/00000001/%016x.piece".formatted(1500));
  }

  @Test
  void saysThatAStretchWasLost() {
    ProofRequest request =
        new ProofRequest(
            "postgres", first.id(), List.of(new LogRange(LOG, 500, 1500)), Sample.all(), 1);

    assertThat(vault.prover().prove(request, (bytes, total) -> {}).damaged())
        .singleElement()
        .satisfies(d -> assertThat(d.why()).contains("lost"));
  }

  @Test
  void countsAllFilesWhereTheManifestCannotBeRead() {
    String manifest = "manifests/postgres/" + first.id();
    damage(manifest, 60);

    Inspection found = prove(first, Sample.all());

    assertThat(found.damaged()).extracting(DamagedObject::key).containsExactly(manifest);
    assertThat(found.damagedFiles()).isEqualTo(9);
  }

  @Test
  void readsAPartThatTheSeedChoosesAndStillSeesWhatIsMissing() {
    Inspection third = prove(first, new Sample(0.3, 5));
    long all = prove(first, Sample.all()).chunks();
    // The chunks' names come from a random key, so that one seed may choose few or many.
    long some =
        LongStream.range(0, 30).map(seed -> prove(first, new Sample(0.3, seed)).chunks()).sum();
    assertThat(some).isBetween(all * 30 / 10, all * 30 / 2);
    assertThat(prove(first, new Sample(0.3, 5))).isEqualTo(third);
    assertThat(prove(first, new Sample(0, 5)).bytes()).isZero();

    String missing = packOf(first, 1);
    backend.delete(missing);
    assertThat(prove(first, new Sample(0, 5)).damaged())
        .extracting(DamagedObject::key)
        .containsExactly(missing);
  }

  @Test
  void aVaultThatCannotBeReachedProvesNothing() {
    Vault unreachable =
        VaultFixture.open(
            new UnreachablePacks(
                backend,
                () -> new ChrysalisException(VaultErrors.UNREACHABLE, "the line is cut", "wait")));

    assertThatThrownBy(
            () -> unreachable.prover().prove(request(first, Sample.all()), (bytes, total) -> {}))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("the line is cut");
  }

  @Test
  void refusesASnapshotThatIsNotThere() {
    backend.create("removed/postgres/" + first.id(), Body.of(new byte[0]));

    assertThatThrownBy(() -> prove(first, Sample.all()))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("there is no snapshot");
  }

  @Test
  void keepsProofsAndFindsTheNewestOfEachLevel() {
    Proofs proofs = new Proofs(vault.records(), new Random(1));
    ProofRequest all = request(first, Sample.all());
    Proof good = Proof.of(all, prove(first, Sample.all()), NOW, "ana@bastion-1");
    proofs.keep(good);
    damage(packOf(first, 0), 100);
    Proof bad = Proof.of(all, prove(first, Sample.all()), NOW.plus(Duration.ofDays(7)), "ben@b");
    proofs.keep(bad);
    Proof stored =
        Proof.of(request(first, new Sample(0, 1)), prove(first, new Sample(0, 1)), NOW, "ana@b");
    proofs.keep(stored);

    assertThat(proofs.of("postgres", first.id())).containsExactly(stored, good, bad);
    assertThat(proofs.newest("postgres", first.id(), Proof.Level.VERIFIED)).contains(bad);
    assertThat(proofs.newest("postgres", first.id()))
        .containsExactly(
            Map.entry(Proof.Level.STORED, stored), Map.entry(Proof.Level.VERIFIED, bad));
    assertThat(proofs.of("postgres", second.id())).isEmpty();
    assertThat(bad.intact()).isFalse();
  }

  @Test
  void leavesOutProofsOfLevelsThatALaterProgramWrote() {
    vault
        .records()
        .create(
            Proofs.prefix("postgres", first.id()) + "20260101t000000z-audited-000000",
            "{\"level\":\"audited\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThat(new Proofs(vault.records(), new Random(1)).of("postgres", first.id())).isEmpty();
  }

  /// One of the packs that only this snapshot's session wrote.
  private String packOf(Snapshot snapshot, int number) {
    return backend.keys().stream()
        .filter(key -> key.startsWith("packs/postgres/" + snapshot.id()))
        .toList()
        .get(number);
  }

  private void damage(String key, int at) {
    byte[] bytes = VaultFixture.bytes(backend, key);
    bytes[at] ^= 1;
    backend.delete(key);
    backend.create(key, Body.of(bytes));
  }
}
