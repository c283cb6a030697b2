package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabClaimTest {
  @TempDir private Path folder;

  @Test
  void refusesAFolderThatIsInUseAndGivesItToTheNextAfterwards() {
    LabLayout layout = new LabLayout(folder.resolve("demo/lab"));
    try (LabClaim _ = LabClaim.take(layout)) {
      assertThatThrownBy(() -> LabClaim.take(layout))
          .isInstanceOfSatisfying(
              ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(LabErrors.IN_USE))
          .hasMessageContaining(layout.root().toString());
      try (LabClaim other = LabClaim.take(new LabLayout(folder.resolve("demo/other")))) {
        assertThat(other).isNotNull();
      }
    }
    try (LabClaim again = LabClaim.take(layout)) {
      assertThat(again).isNotNull();
    }
    assertThat(layout.root()).doesNotExist();
  }
}
