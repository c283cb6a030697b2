package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.engine.EngineErrors;
import dev.chrysalis.lab.LabErrors;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.stack.StackErrors;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The catalogue of errors: every number once, and each of them documented.
class ErrorCatalogueTest {
  private static final List<Class<?>> ROOMS =
      List.of(
          CliErrors.class,
          StackErrors.class,
          EngineErrors.class,
          PlatformErrors.class,
          VaultErrors.class,
          PostgresErrors.class,
          RedisErrors.class,
          CassandraErrors.class,
          AgentErrors.class,
          RecoveryErrors.class,
          LabErrors.class);

  @Test
  void usesEveryNumberOnce() throws IllegalAccessException {
    assertThat(codes()).extracting(ErrorCode::number).doesNotHaveDuplicates();
  }

  @Test
  void documentsEveryNumberWithItsExitCode() throws IllegalAccessException, IOException {
    String catalogue = Files.readString(Path.of("../docs/errors.md"));

    for (ErrorCode code : codes()) {
      assertThat(catalogue)
          .containsPattern(
              "\\| " + code + " \\| [A-Z_]+ \\| " + code.category().exitCode() + " \\|");
    }
  }

  private static List<ErrorCode> codes() throws IllegalAccessException {
    List<ErrorCode> all = new ArrayList<>();
    for (Class<?> room : ROOMS) {
      for (Field field : room.getFields()) {
        if (field.get(null) instanceof ErrorCode code) {
          all.add(code);
        }
      }
    }
    assertThat(all).hasSizeGreaterThan(80);
    return all;
  }
}
