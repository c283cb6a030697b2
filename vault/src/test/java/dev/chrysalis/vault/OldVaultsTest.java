package dev.chrysalis.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Vaults that earlier versions wrote stay readable for ever. `FixtureVault` wrote them; they are
/// never written again.
class OldVaultsTest {
  @Test
  void aVaultOfFormatOneOpens() throws Exception {
    MemoryBackend backend = load("v1");
    try (Vault vault = VaultFixture.open(backend)) {
      List<Snapshot> snapshots = vault.snapshots(FixtureVault.STORE);
      assertThat(snapshots).hasSize(2);
      for (int i = 0; i < 2; i++) {
        assertThat(snapshots.get(i).facts()).containsEntry("snapshot", "" + i);
        assertSnapshot(vault, snapshots.get(i), FixtureVault.files(i));
      }
      assertLog(vault);
      assertThat(vault.records().read("runs/r1/000001")).contains(FixtureVault.RECORD);
      assertThat(vault.records().keys("runs/")).containsExactly("runs/r1/000001");
    }
  }

  @Test
  void aVaultOfFormatOneIsGoneOnWith() throws Exception {
    try (Vault vault = VaultFixture.open(load("v1"))) {
      Snapshot next = VaultFixture.snapshot(vault, FixtureVault.STORE, FixtureVault.files(1));
      assertThat(next.newBytes()).isZero();
      LogStream log = vault.log(FixtureVault.LOG);
      assertThat(log.append(3100, 3200, ByteBuffer.allocate(100), Map.of()))
          .isInstanceOf(LogStream.Appended.Stored.class);
    }
  }

  private static void assertSnapshot(Vault vault, Snapshot snapshot, Map<String, byte[]> files) {
    try (SnapshotReader reader = vault.openSnapshot(snapshot.store(), snapshot.id());
        var entries = reader.entries()) {
      List<FileEntry> all = entries.toList();
      assertThat(all).extracting(FileEntry::path).containsExactlyElementsOf(files.keySet());
      for (FileEntry entry : all) {
        assertThat(VaultFixture.read(reader, entry)).isEqualTo(files.get(entry.path()));
      }
    }
  }

  private static void assertLog(Vault vault) throws IOException {
    assertThat(vault.logs(FixtureVault.STORE)).containsExactly(FixtureVault.LOG);
    LogStream log = vault.log(FixtureVault.LOG);
    assertThat(log.extents()).containsExactly(new LogExtent(1000, 2000), new LogExtent(3000, 3100));
    LogPiece newest = log.newest().orElseThrow();
    assertThat(newest.facts()).containsEntry("piece", "2");
    try (var in = log.open(newest)) {
      assertThat(in.readAllBytes()).isEqualTo(FixtureVault.piece(2));
    }
  }

  private static MemoryBackend load(String version) throws IOException, URISyntaxException {
    var resource = OldVaultsTest.class.getResource("/fixtures/" + version);
    Path root = Path.of(Objects.requireNonNull(resource).toURI());
    MemoryBackend backend = new MemoryBackend();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = root.relativize(file).toString().replace('\\', '/');
        backend.create(key, Body.of(Files.readAllBytes(file)));
      }
    }
    return backend;
  }
}
