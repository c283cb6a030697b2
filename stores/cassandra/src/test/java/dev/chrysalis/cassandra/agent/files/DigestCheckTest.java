package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.volumes.FileCopier;
import dev.chrysalis.volumes.FoundFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a backup does about SSTables that a disk cannot read. A folder stands for such a file: it
/// can be opened, has a size, and each read of it fails.
class DigestCheckTest {
  private static final String TABLE = "data/0/shop/orders-92e0e610ea0311f1a87c311c41055dd3/";

  private final Vault vault = VaultFixture.create(new MemoryBackend());

  @TempDir private Path folder;

  private FoundFile unreadable(String path) throws IOException {
    return found(path, Files.createDirectory(folder.resolve(path.replace('/', '_'))));
  }

  private FoundFile found(String path, Path file) throws IOException {
    return new FoundFile(
        path, file, FileEntry.Kind.FILE, 0640, Files.size(file), Instant.EPOCH, "");
  }

  @Test
  void countsWhatADiskCannotReadAsDamagedAndKeepsTheRest() throws IOException {
    DamagedTables damaged = new DamagedTables();
    FoundFile bad = unreadable(TABLE + "nb-1-big-Data.db");
    FoundFile good =
        found(
            TABLE + "nb-3-big-Data.db", Files.writeString(folder.resolve("nb-3-big-Data.db"), "x"));

    Snapshot snapshot;
    try (SnapshotWriter writer = vault.beginSnapshot("cassandra")) {
      FileCopier copier =
          new FileCopier(writer, new DigestCheck(damaged), _ -> {}, CassandraErrors.VOLUME);
      copier.accept(bad);
      copier.accept(good);
      snapshot = writer.commit(Map.of());
    }

    assertThat(damaged.names()).containsExactly(TABLE + "nb-1-big-Data.db");
    try (SnapshotReader reader = vault.openSnapshot("cassandra", snapshot.id())) {
      assertThat(reader.entries()).extracting(FileEntry::size).contains(bad.size(), good.size());
    }
  }

  /// No server would start on it.
  @ParameterizedTest
  @ValueSource(strings = {"schema/shop/orders.cql", TABLE + "nb-2-big-Statistics.db"})
  void failsWhereAServerCouldNotDoWithout(String path) throws IOException {
    FoundFile file = unreadable(path);
    try (SnapshotWriter writer = vault.beginSnapshot("cassandra")) {
      FileCopier copier =
          new FileCopier(
              writer, new DigestCheck(new DamagedTables()), _ -> {}, CassandraErrors.VOLUME);

      assertThatThrownBy(() -> copier.accept(file))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(CassandraErrors.VOLUME_FAILED));
    }
  }

  @Test
  void believesADiskWithSpotsAndNotOneThatReadsNothing() {
    DamagedTables damaged = new DamagedTables();

    assertThat(damaged.addUnreadable("a", 1 << 20)).isTrue();
    assertThat(damaged.addUnreadable("b", 64 << 20)).isFalse();
  }
}
