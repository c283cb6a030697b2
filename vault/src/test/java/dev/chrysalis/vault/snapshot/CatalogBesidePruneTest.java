package dev.chrysalis.vault.snapshot;

import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A reader that lists the catalog while a prune takes a snapshot out of it.
class CatalogBesidePruneTest {
  private final MemoryBackend store = new MemoryBackend();
  private final Snapshot first;
  private final Snapshot second;

  CatalogBesidePruneTest() {
    try (Vault vault = VaultFixture.create(store)) {
      first = VaultFixture.snapshot(vault, "postgres", Map.of("a", noise(1, 100)));
      second = VaultFixture.snapshot(vault, "postgres", Map.of("a", noise(2, 100)));
    }
  }

  /// Loses an object as soon as it was listed for the first time.
  private record Losing(MemoryBackend inner, String key, boolean listedStill) implements Backend {
    @Override
    public Stream<Listed> list(String prefix) {
      List<Listed> all = inner.list(prefix).toList();
      if (!listedStill && prefix.equals("catalog/postgres/")) {
        inner.delete(key);
      }
      return all.stream();
    }

    @Override
    public InputStream open(String wanted, long offset, long length) {
      if (wanted.equals(key)) {
        throw new ChrysalisException(VaultErrors.OBJECT_MISSING, key, "this is a test's fault");
      }
      return inner.open(wanted, offset, length);
    }

    @Override
    public Traits traits() {
      return inner.traits();
    }

    @Override
    public Created create(String wanted, Body body) {
      return inner.create(wanted, body);
    }

    @Override
    public OptionalLong size(String wanted) {
      return inner.size(wanted);
    }

    @Override
    public void close() {}
  }

  @Test
  void aSnapshotThatWasPrunedMeanwhileIsNoDamage() {
    try (Vault vault = VaultFixture.open(new Losing(store, record(first), false))) {
      assertThat(vault.snapshots("postgres")).containsExactly(second);
    }
  }

  @Test
  void aRecordThatIsListedAndCannotBeReadIsDamaged() {
    try (Vault vault = VaultFixture.open(new Losing(store, record(first), true))) {
      assertThatThrownBy(() -> vault.snapshots("postgres"))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(VaultErrors.OBJECT_MISSING));
    }
  }

  private static String record(Snapshot snapshot) {
    return "catalog/postgres/" + snapshot.id();
  }
}
