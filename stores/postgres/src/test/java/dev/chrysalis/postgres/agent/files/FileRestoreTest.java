package dev.chrysalis.postgres.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRestoreTest {
  @TempDir Path temp;
  private final MemoryVault vault = new MemoryVault();

  private FileEntry file(String path, int mode, byte[] content) {
    List<Chunk> chunks = new ArrayList<>();
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      for (int at = 0; at < content.length; at += SnapshotWriter.CHUNK_BYTES) {
        int length = Math.min(SnapshotWriter.CHUNK_BYTES, content.length - at);
        chunks.add(writer.store(ByteBuffer.wrap(content, at, length)));
      }
    }
    return new FileEntry(
        path, FileEntry.Kind.FILE, mode, content.length, Instant.EPOCH, "", chunks);
  }

  private static FileEntry directory(String path) {
    return new FileEntry(path, FileEntry.Kind.DIRECTORY, 0750, 0, Instant.EPOCH, "", List.of());
  }

  private static FileEntry link(String path, String target) {
    return new FileEntry(path, FileEntry.Kind.LINK, 0777, 0, Instant.EPOCH, target, List.of());
  }

  private SnapshotId smallCluster(FileEntry... more) {
    List<FileEntry> entries = new ArrayList<>(List.of(more));
    byte[] big = new byte[3 * SnapshotWriter.CHUNK_BYTES + 17];
    Arrays.fill(big, 2 * SnapshotWriter.CHUNK_BYTES, big.length, (byte) 7);
    big[0] = 1;
    entries.addAll(
        List.of(
            directory("base"),
            directory("base/5"),
            file("base/5/16384", 0640, big),
            file("base/5/16385", 0600, new byte[0]),
            directory("global"),
            file("global/pg_control", 0600, new byte[8192]),
            file("PG_VERSION", 0600, "17\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            file("backup_label", 0600, new byte[] {'S'}),
            directory("pg_tblspc")));
    return vault.plant(BackupFactsTest.FACTS.toMap(), entries.toArray(FileEntry[]::new));
  }

  private FileRestore.Restored restore(SnapshotId snapshot, String job) {
    return restore(snapshot, job, TablespacePlaces.under(temp.resolve("spaces")));
  }

  private FileRestore.Restored restore(SnapshotId snapshot, String job, TablespacePlaces places) {
    return new FileRestore(vault, CopyProgress.silent(), 2)
        .run(
            new FileRestore.Request(
                new JobId(job),
                "postgres",
                snapshot,
                data(),
                places,
                new RecoverySettings.ToTarget(
                    new RecoveryTarget.AtConsistency(), 1, "false", Map.of())));
  }

  private Path data() {
    return temp.resolve("data");
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void filesComeBackWithTheirContentModesAndHoles() throws IOException {
    FileRestore.Restored restored = restore(smallCluster(), "job-1");
    assertThat(restored.facts()).isEqualTo(BackupFactsTest.FACTS);
    Path big = data().resolve("base/5/16384");
    byte[] content = Files.readAllBytes(big);
    assertThat(content).hasSize(3 * SnapshotWriter.CHUNK_BYTES + 17);
    assertThat(content[0]).isEqualTo((byte) 1);
    assertThat(content[2 * SnapshotWriter.CHUNK_BYTES - 1]).isZero();
    assertThat(content[content.length - 1]).isEqualTo((byte) 7);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(big)))
        .isEqualTo("rw-r-----");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
        .isEqualTo("rwxr-x---");
    assertThat(data().resolve("base/5/16385")).isEmptyFile();
    assertThat(data().resolve(RestoreMark.BEGUN)).doesNotExist();
    assertThat(RestoreMark.read(data(), RestoreMark.ENDED))
        .hasValueSatisfying(mark -> assertThat(mark.job()).isEqualTo("job-1"));
  }

  @Test
  void aRestoreThatBrokeOffIsContinuedByTheSameJobOnly() throws IOException {
    SnapshotId snapshot = smallCluster();
    vault.failReadingAfter(5);
    assertRefused(VaultErrors.UNREACHABLE, () -> restore(snapshot, "job-1"));
    assertThat(data().resolve("global/pg_control")).doesNotExist();
    assertThat(DataDirectoryState.read(data())).isInstanceOf(DataDirectoryState.HalfRestored.class);
    vault.failReadingAfter(0);
    assertRefused(PostgresErrors.NOT_EMPTY, () -> restore(snapshot, "job-2"));
    FileRestore.Restored restored = restore(snapshot, "job-1");
    assertThat(restored.keptBytes()).isPositive().isLessThan(restored.bytes());
    assertThat(data().resolve("global/pg_control")).hasSize(8192);
    assertThat(restore(snapshot, "job-1").keptBytes()).isEqualTo(restored.bytes());
    assertRefused(PostgresErrors.NOT_EMPTY, () -> restore(snapshot, "job-2"));
  }

  @Test
  void aJobThatEndedIsRepeatedWithoutHarmUntilAServerWasStarted() throws IOException {
    SnapshotId snapshot = smallCluster();
    FileRestore.Restored restored = restore(snapshot, "job-1");
    Files.delete(data().resolve("recovery.signal"));
    assertThat(restore(snapshot, "job-1").keptBytes()).isEqualTo(restored.bytes());
    assertThat(data().resolve("recovery.signal")).exists();
    Files.move(data().resolve("backup_label"), data().resolve("backup_label.old"));
    assertRefused(PostgresErrors.NOT_EMPTY, () -> restore(snapshot, "job-1"));
  }

  @Test
  void afterTheMachineStartedAnewNothingOfTheBrokenOffAttemptIsTrusted() throws IOException {
    SnapshotId snapshot = smallCluster();
    vault.failReadingAfter(5);
    assertRefused(VaultErrors.UNREACHABLE, () -> restore(snapshot, "job-1"));
    RestoreMark other = new RestoreMark("job-1", snapshot.value(), "another-boot");
    Files.writeString(data().resolve(RestoreMark.BEGUN), other.toJson());
    Files.writeString(data().resolve("base/5/16385.chrysalis-part"), "torn");
    vault.failReadingAfter(0);
    assertThat(restore(snapshot, "job-1").keptBytes()).isZero();
    assertThat(data().resolve("base/5/16384")).hasSize(3 * SnapshotWriter.CHUNK_BYTES + 17);
    assertThat(data().resolve("base/5/16385.chrysalis-part")).doesNotExist();
  }

  @Test
  void aSnapshotThatLacksPacksTouchesNothing() {
    SnapshotId snapshot = smallCluster();
    vault.losePacks("p1");
    assertRefused(VaultErrors.SNAPSHOT_INCOMPLETE, () -> restore(snapshot, "job-1"));
    assertThat(data()).doesNotExist();
    assertThat(vault.chunksRead()).isZero();
  }

  @Test
  void whatIsThereIsNeverOverwritten() throws IOException {
    Files.createDirectory(data());
    Files.writeString(data().resolve("letter"), "dear");
    assertRefused(PostgresErrors.NOT_EMPTY, () -> restore(smallCluster(), "job-1"));
    assertThat(data().resolve("letter")).hasContent("dear");
    assertThat(data()).isDirectoryContaining("glob:**letter");
  }

  @Test
  void tablespacesGoWhereTheyMay() throws IOException {
    SnapshotId snapshot =
        smallCluster(
            link("pg_tblspc/16400", "/srv/fast"),
            directory("pg_tblspc/16400/PG_17_202406281"),
            file("pg_tblspc/16400/PG_17_202406281/x", 0600, new byte[] {1}));
    assertRefused(
        PostgresErrors.BAD_SETTING,
        () -> restore(snapshot, "job-1", TablespacePlaces.recordedWithin(List.of(temp))));
    assertRefused(
        PostgresErrors.BAD_SETTING,
        () -> restore(snapshot, "job-1", TablespacePlaces.under(data())));
    assertThat(data()).doesNotExist();
    restore(snapshot, "job-1");
    Path place = temp.resolve("spaces/16400");
    assertThat(Files.readSymbolicLink(data().resolve("pg_tblspc/16400"))).isEqualTo(place);
    assertThat(place.resolve("PG_17_202406281/x")).hasBinaryContent(new byte[] {1});
    assertThat(data().resolve("tablespace_map")).hasContent("16400 " + place);
  }

  @Test
  void aManifestCannotWriteOutsideThroughALink() {
    SnapshotId snapshot =
        smallCluster(link("conf", temp.toString()), file("conf/escaped", 0600, new byte[] {1}));
    assertRefused(VaultErrors.OBJECT_DAMAGED, () -> restore(snapshot, "job-1"));
    assertThat(temp.resolve("escaped")).doesNotExist();
    assertThat(data()).doesNotExist();
  }

  @Test
  void tooLittleRoomIsSaidInNumbersBeforeAnythingIsTouched() {
    long huge = 1L << 50;
    FileEntry vast =
        new FileEntry("base/5/9", FileEntry.Kind.FILE, 0600, huge, Instant.EPOCH, "", List.of());
    SnapshotId snapshot = smallCluster(vast);
    assertThatThrownBy(() -> restore(snapshot, "job-1"))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(PostgresErrors.NO_ROOM))
        .hasMessageContaining("needs 107374");
    assertThat(data()).doesNotExist();
  }

  @Test
  void aVolumeThatFillsUpIsToldAndTheJobGoesOnOnceThereIsRoom() throws Exception {
    SnapshotId snapshot = smallCluster();
    limitFileSize("600000");
    try {
      assertThatThrownBy(() -> restore(snapshot, "job-1"))
          .isInstanceOfSatisfying(
              ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(PostgresErrors.NO_ROOM))
          .hasMessageContaining("the volume is full")
          .hasMessageContaining("MiB free on");
    } finally {
      limitFileSize("unlimited");
    }
    assertThat(data().resolve("global/pg_control")).doesNotExist();
    FileRestore.Restored _ = restore(snapshot, "job-1");
    assertThat(data().resolve("base/5/16384")).hasSize(3 * SnapshotWriter.CHUNK_BYTES + 17);
    assertThat(data().resolve("global/pg_control")).hasSize(8192);
  }

  /// The kernel lets this process write no longer files, be it root's or not: to the writer that is
  /// a full volume.
  private static void limitFileSize(String bytes) throws IOException, InterruptedException {
    String self = Long.toString(ProcessHandle.current().pid());
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid", self, "--fsize=" + bytes + ":").inheritIO().start();
    assertThat(prlimit.waitFor()).isZero();
  }
}
