package dev.chrysalis.recovery.aftermath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.recovery.aftermath.RunbookFolder.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunbookFolderTest {
  private static final Map<String, String> PAGES =
      Map.of("README.md", "# Index\n", "store-lost.md", "# Lost\n");

  @TempDir private Path parent;
  private Path folder = Path.of("");
  private RunbookFolder runbooks = new RunbookFolder(folder);

  @BeforeEach
  void nameAFolderThatIsNotThereYet() {
    folder = parent.resolve("docs/runbooks");
    runbooks = new RunbookFolder(folder);
  }

  @Test
  void writesWhatIsMissingAndSaysWhoMadeIt() throws IOException {
    assertThat(runbooks.compare(PAGES))
        .containsOnly(
            Map.entry("README.md", Difference.MISSING),
            Map.entry("store-lost.md", Difference.MISSING));

    runbooks.write(PAGES);

    assertThat(folder.resolve("store-lost.md"))
        .content()
        .startsWith("<!-- Made by chrysalis runbook --write.")
        .endsWith("-->\n# Lost\n");
    assertThat(runbooks.compare(PAGES)).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void touchesNothingThatIsUpToDate() throws IOException {
    runbooks.write(PAGES);
    FileTime old = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(folder.resolve("README.md"), old);

    assertThat(runbooks.write(Map.of("README.md", "# Index\n", "store-lost.md", "# New\n")))
        .containsOnly(Map.entry("store-lost.md", Difference.OUTDATED));

    assertThat(Files.getLastModifiedTime(folder.resolve("README.md"))).isEqualTo(old);
    assertThat(folder.resolve("store-lost.md")).content().endsWith("# New\n");
  }

  @Test
  void writesNothingAtAllWhereANameIsTakenByAnothersFile() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("store-lost.md"), "# Ours\n");

    assertThatThrownBy(() -> runbooks.write(PAGES))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(RecoveryErrors.RUNBOOK_FOREIGN))
        .hasMessageContaining("store-lost.md");

    assertThat(folder.resolve("store-lost.md")).hasContent("# Ours");
    assertThat(folder.resolve("README.md")).doesNotExist();
  }

  @Test
  void removesItsOwnPagesOfWhatIsNoScenarioAnyMoreAndNobodyElsesFiles() throws IOException {
    runbooks.write(Map.of("old.md", "# Old\n", "README.md", "# Index\n"));
    Files.writeString(folder.resolve("notes.md"), "# Ours\n");
    Files.write(folder.resolve("picture.md"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    assertThat(runbooks.write(PAGES))
        .containsOnly(
            Map.entry("old.md", Difference.LEFT_OVER),
            Map.entry("store-lost.md", Difference.MISSING));

    assertThat(folder.resolve("old.md")).doesNotExist();
    assertThat(folder.resolve("notes.md")).exists();
    assertThat(folder.resolve("picture.md")).exists();
  }
}
