package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Disks run full: the members' volumes on one small file system, the vault on another. Only root
/// may mount them; for others there is nothing to see here.
class FullDiskIT {
  private static final long SPARE_BYTES = 28_000_000;

  private static Path disk;
  private static Path vaultDisk;
  private static LabStage stage;

  @BeforeAll
  static void up() throws IOException {
    assumeThat(System.getProperty("user.name")).as("only root may mount").isEqualTo("root");
    disk = LabStage.newFolder();
    vaultDisk = LabStage.newFolder();
    mount(disk, "900m");
    mount(vaultDisk, "64m");
    Path folder = Files.createDirectory(disk.resolve("it"));
    stage = LabStage.up(folder);
    moveTheVault();
  }

  @AfterAll
  static void down() throws IOException {
    if (stage == null) {
      return;
    }
    run("umount", vault().toString());
    stage.close();
    run("umount", disk.toString());
    run("umount", vaultDisk.toString());
    Files.delete(disk);
    Files.delete(vaultDisk);
  }

  @Test
  void touchesNothingWhereARestoreWouldNotFit() throws IOException {
    stage.awaitService();
    Instant before = Instant.now();
    Path ballast = ballast(disk, Files.getFileStore(disk).getUsableSpace() - SPARE_BYTES);
    try {
      LabStage.Result result = stage.run("recover", "store-lost", "--approve");

      assertThat(result.code()).isEqualTo(16);
      assertThat(result.out() + result.err())
          .contains("CHR-5016", "postgres-0: the restore needs", "MB free", "nothing was touched")
          .doesNotContain("of 1 h  stop-perception");
      assertThat(stage.run("aside", "list").out()).contains("None");
      assertThat(stage.ledger().firstAcknowledgedAfter(before)).isPresent();
    } finally {
      Files.delete(ballast);
    }
    assertThat(stage.run("resume", "--approve").code()).isZero();
  }

  @Test
  void losesNothingOfTheLogWhileTheVaultsDiskIsFull() throws IOException {
    stage.awaitService();
    Path ballast = fill(vaultDisk);
    try {
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> stage.run("assess").out().contains("the newest restorable moment is"));
    } finally {
      Files.delete(ballast);
    }

    stage.awaitAllWell();
    assertThat(stage.run("verify").out()).doesNotContain("gap");
  }

  private static Path vault() {
    return stage.lab().layout().vault();
  }

  /// Gives the vault a disk of its own, before anybody looks.
  private static void moveTheVault() throws IOException {
    LabProcesses shippers = new LabProcesses(stage.lab().layout(), "/shipper");
    shippers.signal("-STOP");
    run("cp", "-a", vault() + "/.", vaultDisk.toString());
    run("mount", "--bind", vaultDisk.toString(), vault().toString());
    shippers.signal("-CONT");
  }

  /// A file that takes that much room.
  private static Path ballast(Path where, long bytes) throws IOException {
    Path file = where.resolve("ballast");
    byte[] block = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= block.length) {
        out.write(block, 0, (int) Math.min(block.length, left));
      }
    }
    return file;
  }

  /// A file that takes all the room that there is, while others take some, too.
  private static Path fill(Path where) throws IOException {
    Path file = where.resolve("ballast");
    byte[] block = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      if (Files.getFileStore(where).getUsableSpace() > block.length) {
        throw e;
      }
      return file;
    }
  }

  private static void mount(Path at, String size) throws IOException {
    run("mount", "-t", "tmpfs", "-o", "size=" + size + ",mode=755", "tmpfs", at.toString());
  }

  private static void run(String... command) throws IOException {
    LabProcesses.run(command);
  }
}
