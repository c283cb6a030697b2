package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabMarkerTest {
  @TempDir private Path folder;

  @Test
  void aNewFolderBecomesALabAndIsPrivate() throws IOException {
    LabMarker marker = marker("lab");
    marker.plant();
    assertThat(marker.isPlanted()).isTrue();
    assertThat(marker.network()).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("lab"))))
        .isEqualTo("rwx------");
  }

  @Test
  void itRemembersItsNetworkAndItsServices() throws IOException {
    LabMarker marker = marker("lab");
    marker.plant();
    LabServices services = LabServices.parse("nexus,plato");
    marker.note(new LabNetwork("127.7.8"), services);
    assertThat(marker.network()).contains(new LabNetwork("127.7.8"));
    assertThat(marker.services()).isEqualTo(services);
  }

  @Test
  void aLabThatDoesNotNameItsServicesHasPerceptionAlone() throws IOException {
    LabMarker marker = marker("lab");
    marker.plant();
    Files.writeString(folder.resolve("lab/.chrysalis-lab"), "127.7.8");
    assertThat(marker.network()).contains(new LabNetwork("127.7.8"));
    assertThat(marker.services()).isEqualTo(LabServices.PERCEPTION_ALONE);
  }

  @Test
  void aFolderWithSomethingElseInItIsRefused() throws IOException {
    Files.createDirectory(folder.resolve("precious"));
    Files.createFile(folder.resolve("precious/thesis"));
    refuses(marker("precious"), LabErrors.NOT_A_LAB);
  }

  @Test
  void aSecondLabInOneFolderIsRefused() throws IOException {
    marker("lab").plant();
    refuses(marker("lab"), LabErrors.ALREADY_UP);
  }

  @Test
  void aLabWithinALabIsRefusedBecauseItWouldGoWithTheOuterOne() throws IOException {
    marker("lab").plant();
    refuses(marker("lab/deep/inner"), LabErrors.NOT_A_LAB);
    assertThat(folder.resolve("lab/deep")).doesNotExist();
  }

  private LabMarker marker(String name) {
    return new LabMarker(new LabLayout(folder.resolve(name)));
  }

  private static void refuses(LabMarker marker, ErrorCode code) {
    assertThatThrownBy(marker::plant)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
