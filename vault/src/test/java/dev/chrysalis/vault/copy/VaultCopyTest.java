package dev.chrysalis.vault.copy;

import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.DamagedObject;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.DirectoryBackend;
import dev.chrysalis.vault.backend.Fault;
import dev.chrysalis.vault.backend.FaultyBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.ScriptedFault;
import dev.chrysalis.vault.backend.ScriptedFault.Operation;
import dev.chrysalis.vault.proof.ProofRequest;
import dev.chrysalis.vault.proof.Sample;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultCopyTest {
  private static final LogName LOG = new LogName("postgres", "7/00000001");

  private final MemoryBackend original = new MemoryBackend();
  private final VaultRepository vault = VaultFixture.create(original);
  private final MemoryBackend copy = new MemoryBackend();

  VaultCopyTest() {
    snapshot(1);
    snapshot(2);
    for (int at = 100; at < 500; at += 100) {
      vault.log(LOG).append(at, at + 100, ByteBuffer.wrap(noise(at, 100)), Map.of());
    }
    vault.records().create("lease/000001", noise(3, 100));
  }

  private Snapshot snapshot(int number) {
    return VaultFixture.snapshot(
        vault, "postgres", Map.of("same", content(7, 900), "own", noise(number, 500)));
  }

  private static VaultCopy.Copied copy(Backend from, Backend to) {
    return new VaultCopy(from, to, 3).run((objects, bytes) -> {});
  }

  private static void assertWhole(Backend backend) {
    Vault opened = VaultFixture.open(backend);
    for (Snapshot snapshot : opened.snapshots("postgres")) {
      ProofRequest request =
          new ProofRequest(
              "postgres", snapshot.id(), List.of(new LogRange(LOG, 100, 500)), Sample.all(), 1);
      assertThat(opened.prover().prove(request, (bytes, total) -> {}).damaged()).isEmpty();
    }
  }

  @Test
  void theCopyIsTheSameVaultByteForByteAndOnlyNewThingsAreCopiedAgain() {
    VaultCopy.Copied first = copy(original, copy);
    assertThat(first.objects()).isEqualTo(original.keys().size());
    assertThat(copy.keys()).isEqualTo(original.keys());
    original
        .keys()
        .forEach(key ->
            assertThat(VaultFixture.bytes(copy, key)).isEqualTo(VaultFixture.bytes(original, key)));
    assertWhole(copy);
    assertThat(copy(original, copy).objects()).isZero();

    snapshot(3);
    VaultCopy.Copied second = copy(original, copy);
    assertThat(second.objects()).isEqualTo(5);
    assertThat(VaultFixture.open(copy).snapshots("postgres")).hasSize(3);
  }

  @Test
  void aCopyThatBreaksOffAnywhereShowsOnlyWholeSnapshotsAndIsGoneOnWith(@TempDir Path folder) {
    int objects = original.keys().size();
    for (int nth = 1; nth <= objects; nth++) {
      MemoryBackend broken = new MemoryBackend();
      FaultyBackend breaking =
          new FaultyBackend(
              broken,
              ScriptedFault.on(Operation.CREATE, new Fault.Fails(VaultErrors.NO_SPACE)).nth(nth));
      assertThatThrownBy(() -> new VaultCopy(original, breaking, 1).run((o, b) -> {}))
          .hasMessageContaining("injected");
      if (broken.size("config").isPresent()) {
        Vault seen = VaultFixture.open(broken);
        for (Snapshot snapshot : seen.snapshots("postgres")) {
          assertThat(seen.openSnapshot("postgres", snapshot.id()).missingPacks()).isEmpty();
        }
        seen.log(LOG).pieces(0, Long.MAX_VALUE).forEach(piece -> {});
      }
      copy(original, broken);
      assertThat(broken.keys()).isEqualTo(original.keys());
    }
    DirectoryBackend directory = DirectoryBackend.at(folder);
    copy(original, directory);
    assertWhole(directory);
  }

  @Test
  void anotherVaultIsNotWrittenInto() {
    VaultFixture.create(copy);
    List<String> before = copy.keys();

    assertThatThrownBy(() -> copy(original, copy))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(VaultErrors.OTHER_VAULT));
    assertThat(copy.keys()).isEqualTo(before);
    assertThatThrownBy(() -> copy(new MemoryBackend(), copy))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(VaultErrors.NO_VAULT));
  }

  @Test
  void aSnapshotThatIsRemovedIsRemovedAtTheCopyToo() {
    copy(original, copy);
    Snapshot first = vault.snapshots("postgres").getFirst();
    original.create("removed/postgres/" + first.id(), Body.of(new byte[0]));

    copy(original, copy);

    assertThat(VaultFixture.open(copy).snapshots("postgres")).hasSize(1);
  }

  @Test
  void aCheckFindsWhatIsMissingCutOrChanged() {
    copy(original, copy);
    List<String> packs = copy.keys().stream().filter(key -> key.startsWith("packs/")).toList();
    assertThat(check(Sample.all()).same()).isTrue();

    replace(packs.get(0), new byte[10]);
    byte[] flipped = VaultFixture.bytes(copy, packs.get(1));
    flipped[20] ^= 1;
    replace(packs.get(1), flipped);
    copy.delete("records/lease/000001");

    CopyCheck.Compared compared = check(Sample.all());
    assertThat(compared.same()).isFalse();
    assertThat(compared.behind()).isEqualTo(1);
    assertThat(compared.different())
        .extracting(DamagedObject::key)
        .containsExactly(packs.get(0), packs.get(1));
    assertThat(check(new Sample(0, 1)).different()).hasSize(1);
    assertThatThrownBy(() -> copy(original, copy))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(VaultErrors.COPY_DIFFERS));
  }

  private CopyCheck.Compared check(Sample sample) {
    return new CopyCheck(original, copy, 2).run(sample);
  }

  private void replace(String key, byte[] bytes) {
    copy.delete(key);
    copy.create(key, Body.of(bytes));
  }
}
