package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CassandraProgramsTest {
  @TempDir private Path folder;
  private Path libraries;

  @BeforeEach
  void makeLibraries() throws IOException {
    libraries = Files.createDirectory(folder.resolve("lib"));
  }

  @Test
  void aJdk17IsKnownByItsReleaseFile() throws IOException {
    jdk("temurin-25", "JAVA_VERSION=\"25.0.1\"");
    Path wanted = jdk("openjdk-17", "JAVA_VERSION=\"17.0.17\"");
    jdk("without", "IMPLEMENTOR=\"nobody\"");
    Files.createDirectory(folder.resolve("empty"));
    assertThat(CassandraPrograms.among(folder)).contains(wanted);
  }

  @Test
  void noJdkThatFitsIsNone() throws IOException {
    jdk("temurin-25", "JAVA_VERSION=\"25.0.1\"");
    assertThat(CassandraPrograms.among(folder)).isEmpty();
    assertThat(CassandraPrograms.among(folder.resolve("nowhere"))).isEmpty();
  }

  @Test
  void theOneThatTheVariableNamesIsTaken() throws IOException {
    Path named = jdk("named", "JAVA_VERSION=\"17.0.17\"");
    CassandraPrograms found =
        CassandraPrograms.find(libraries, Map.of("CHRYSALIS_JAVA17", named.toString()));
    found.require();
    assertThat(found.launcher()).isEqualTo(named.resolve("bin/java"));
  }

  @Test
  void withoutAJdkItIsToldWhatToDo() {
    CassandraPrograms none =
        CassandraPrograms.find(libraries, Map.of("CHRYSALIS_JAVA17", folder + "/nowhere"));
    assertThatThrownBy(none::require)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> {
              assertThat(e.code()).isEqualTo(LabErrors.NO_JDK);
              assertThat(e.hint())
                  .contains("openjdk-17-jre-headless", "CHRYSALIS_JAVA17", "odyssey,nexus");
            });
  }

  @Test
  void missingJarsAreNamed() throws IOException {
    Path jdk = jdk("named", "JAVA_VERSION=\"17.0.17\"");
    CassandraPrograms unbuilt =
        CassandraPrograms.find(folder.resolve("none"), Map.of("CHRYSALIS_JAVA17", jdk.toString()));
    assertThatThrownBy(unbuilt::require)
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("not in " + folder.resolve("none"));
  }

  private Path jdk(String name, String release) throws IOException {
    Path jdk = Files.createDirectory(folder.resolve(name));
    Files.writeString(jdk.resolve("release"), release + "\n");
    Files.createDirectory(jdk.resolve("bin"));
    Files.createFile(
        jdk.resolve("bin/java"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return jdk;
  }
}
