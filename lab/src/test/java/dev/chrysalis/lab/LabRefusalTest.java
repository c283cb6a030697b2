package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabRefusalTest {
  @TempDir private Path folder;

  /// The hint names another lab to make: nothing may be in its way.
  @Test
  void aRingWithoutItsProgramsIsRefusedBeforeAnythingIsMade() {
    Lab lab = labWithoutJava17();
    assertThatThrownBy(() -> lab.up(LabServices.WITH_CASSANDRA, line -> {}))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(LabErrors.NO_JDK));
    assertThat(folder).isEmptyDirectory();
  }

  private Lab labWithoutJava17() {
    LabPrograms programs =
        new LabPrograms(
            folder,
            List.of(),
            "AgentMain",
            folder,
            folder,
            folder,
            new CassandraPrograms(folder, Optional.empty()),
            folder);
    return new Lab(
        new LabLayout(folder.resolve("lab")),
        programs,
        new LabUser(Optional.empty()),
        (location, passphrase) -> {},
        folder,
        Clock.systemUTC(),
        new Random(7));
  }
}
