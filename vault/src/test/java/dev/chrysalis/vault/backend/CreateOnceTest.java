package dev.chrysalis.vault.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend.Created;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CreateOnceTest {
  private static final byte[] BODY = "the vault's description".getBytes(UTF_8);

  private final MemoryBackend store = new MemoryBackend();

  @Test
  void aStoreThatCreatesOnceIsProvenAndKeepsTheObject() throws Exception {
    assertThat(CreateOnce.proven(store, "a", BODY)).isEqualTo(Created.NEW);
    assertThat(CreateOnce.proven(store, "a", BODY)).isEqualTo(Created.EXISTS);
    assertThat(store.open("a", 0, 100).readAllBytes()).isEqualTo(BODY);
  }

  @ParameterizedTest
  @EnumSource(Created.class)
  void aStoreThatOverwritesIsRefusedWhateverItSays(Created answer) {
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> CreateOnce.proven(new Overwriting(store, answer), "a", BODY))
        .satisfies(e -> assertThat(e.code()).isEqualTo(VaultErrors.BAD_LOCATION))
        .satisfies(e -> assertThat(e.hint()).contains("If-None-Match"));
  }

  /// A store that ignores the condition.
  private record Overwriting(MemoryBackend store, Created answer) implements Backend {
    @Override
    public Created create(String key, Body body) {
      store.delete(key);
      store.create(key, body);
      return answer;
    }

    @Override
    public InputStream open(String key, long offset, long length) {
      return store.open(key, offset, length);
    }

    @Override
    public OptionalLong size(String key) {
      return store.size(key);
    }

    @Override
    public Stream<Listed> list(String prefix) {
      return store.list(prefix);
    }

    @Override
    public Traits traits() {
      return store.traits();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
