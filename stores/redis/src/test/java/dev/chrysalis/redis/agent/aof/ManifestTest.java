package dev.chrysalis.redis.agent.aof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  @Test
  void namesTheBaseAndTheIncrementsInOrderAndLeavesFormerFilesOut() {
    Manifest manifest =
        Manifest.parse(
            """
            file appendonly.aof.2.base.rdb seq 2 type b
            file appendonly.aof.1.incr.aof seq 1 type h
            file appendonly.aof.2.incr.aof seq 2 type i
            file appendonly.aof.3.incr.aof seq 3 type i
            """);
    assertThat(manifest.base()).contains(new Manifest.Part("appendonly.aof.2.base.rdb", 2));
    assertThat(manifest.increments())
        .containsExactly(
            new Manifest.Part("appendonly.aof.2.incr.aof", 2),
            new Manifest.Part("appendonly.aof.3.incr.aof", 3));
  }

  @Test
  void readsNamesThatTheServerQuotes() {
    Manifest manifest =
        Manifest.parse("file \"my \\\"own\\\".aof.1.incr.aof\" seq 1 type i\n# a remark\n");
    assertThat(manifest.increments().getFirst().name()).isEqualTo("my \"own\".aof.1.incr.aof");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file ../../etc/passwd seq 1 type b",
        "file a/b seq 1 type i",
        "file .. seq 1 type i",
        "file a seq -1 type i",
        "file a seq 1 type q",
        "file a seq 1 type b\nfile b seq 2 type b",
        "file a seq 2 type i\nfile b seq 1 type i",
        "nonsense"
      })
  void refusesWhatNoServerWrites(String text) {
    assertThatThrownBy(() -> Manifest.parse(text)).isInstanceOf(ChrysalisException.class);
  }
}
