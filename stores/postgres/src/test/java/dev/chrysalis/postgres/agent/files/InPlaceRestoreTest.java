package dev.chrysalis.postgres.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InPlaceRestoreTest {
  @TempDir Path temp;
  private final MemoryVault vault = new MemoryVault();
  private SnapshotId snapshot = PlantedCluster.plant(vault);
  private Path data = Path.of(".");
  private Map<String, String> before = Map.of();

  @BeforeEach
  void layDown() throws IOException {
    data = temp.resolve("data");
    PlantedCluster.layDown(data);
    before = Tree.of(data);
  }

  private FileRestore.Restored restore(String job, boolean noWayBack) {
    return new InPlaceRestore(vault, CopyProgress.silent(), 2, noWayBack)
        .run(
            new FileRestore.Request(
                new JobId(job),
                "postgres",
                snapshot,
                data,
                TablespacePlaces.under(temp.resolve("spaces")),
                new RecoverySettings.ToTarget(
                    new RecoveryTarget.AtConsistency(), 1, "false", Map.of())));
  }

  private FileRestore.Restored restore(String job) {
    return restore(job, false);
  }

  private long takeBack(String job) {
    return new TakeBack(CopyProgress.silent()).run(data, new JobId(job));
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private void assertRestored() throws IOException {
    for (int i = 0; i < PlantedCluster.FILES; i++) {
      Path file = data.resolve(PlantedCluster.relation(i));
      assertThat(Files.readAllBytes(file)).as(file + "").isEqualTo(PlantedCluster.content(i));
      assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100600);
    }
    assertThat(data.resolve("base/6")).doesNotExist();
    assertThat(data.resolve("base/5/99999")).doesNotExist();
    assertThat(data.resolve("postmaster.pid")).doesNotExist();
    assertThat(data.resolve("backup_label.old")).doesNotExist();
    assertThat(data.resolve("pg_wal")).isDirectoryNotContaining("glob:**0009");
    assertThat(data.resolve("backup_label")).hasContent("START");
    assertThat(data.resolve("recovery.signal")).exists();
    assertThat(data.resolve("postgresql.auto.conf")).content().contains("5MB", "recovery_target");
    assertThat(data.resolve(ControlFile.PATH)).hasSize(ControlFile.FILE_BYTES);
    assertThat(RestoreMark.read(data, RestoreMark.ENDED)).isPresent();
    assertThat(data.resolve(RestoreMark.BEGUN)).doesNotExist();
  }

  @Test
  void onlyWhatDiffersIsFetchedAndWritten() throws IOException {
    FileRestore.Restored restored = restore("job-1");

    assertRestored();
    // Four chunks with a changed page, what one file lacks, one file whole, and small ones.
    assertThat(vault.chunksRead()).isLessThan(4 + 4 + 4 + 4);
    long written = restored.bytes() - restored.keptBytes();
    assertThat(written).isLessThan(4 * 8192 + 2L * PlantedCluster.FILE_BYTES + 20_000);
  }

  @Test
  void anEndedRestoreIsTakenBackByteForByte() throws IOException {
    restore("job-1");

    assertThat(takeBack("job-1")).isPositive();
    assertThat(Tree.of(data)).isEqualTo(before);
    assertRefused(PostgresErrors.NO_WAY_BACK, () -> takeBack("job-1"));
  }

  @Test
  void aRestoreThatBrokeOffGoesOnOrIsTakenBack() throws IOException {
    vault.failReadingAfter(3);
    assertRefused(VaultErrors.UNREACHABLE, () -> restore("job-1"));
    assertThat(data.resolve(ControlFile.PATH)).doesNotExist();
    assertThat(DataDirectoryState.read(data)).isInstanceOf(DataDirectoryState.HalfRestored.class);
    assertRefused(PostgresErrors.NOT_EMPTY, () -> restore("job-2"));
    assertRefused(PostgresErrors.NO_WAY_BACK, () -> takeBack("job-2"));

    takeBack("job-1");
    assertThat(Tree.of(data)).isEqualTo(before);

    vault.failReadingAfter(5);
    assertRefused(VaultErrors.UNREACHABLE, () -> restore("job-1"));
    vault.failReadingAfter(0);
    restore("job-1");
    assertRestored();
    takeBack("job-1");
    assertThat(Tree.of(data)).isEqualTo(before);
  }

  @Test
  void anAttemptThatGoesOnAfterTheControlFileCameBackDoesNotLoseTheOldOne() throws IOException {
    restore("job-1");
    // As if it had died between its last two steps.
    Files.move(data.resolve(RestoreMark.ENDED), data.resolve(RestoreMark.BEGUN));

    restore("job-1");
    assertRestored();
    takeBack("job-1");
    assertThat(Tree.of(data)).isEqualTo(before);
  }

  @Test
  void restoresOverEachOtherAreTakenBackInTurn() throws IOException {
    restore("job-1");
    Map<String, String> between = Tree.of(data);
    restore("job-2");
    assertRefused(PostgresErrors.NO_WAY_BACK, () -> takeBack("job-1"));

    takeBack("job-2");
    assertThat(Tree.of(data)).isEqualTo(between);
    takeBack("job-1");
    assertThat(Tree.of(data)).isEqualTo(before);
  }

  @Test
  void onceAServerWasStartedThereIsNoWayBackAndNothingIsKept() throws IOException {
    restore("job-1");
    Files.move(data.resolve("backup_label"), data.resolve("backup_label.old"));
    assertRefused(PostgresErrors.NO_WAY_BACK, () -> takeBack("job-1"));

    restore("job-2");
    assertThat(data.resolve("chrysalis-undo/job-1")).doesNotExist();
    assertThat(data.resolve("chrysalis-undo/job-2")).exists();
  }

  @Test
  void withoutAWayBackNothingIsKeptAndItGoesOnOnlySo() throws IOException {
    vault.failReadingAfter(3);
    assertRefused(VaultErrors.UNREACHABLE, () -> restore("job-1", true));
    vault.failReadingAfter(0);
    assertRefused(PostgresErrors.NO_WAY_BACK, () -> restore("job-1", false));

    restore("job-1", true);
    assertRestored();
    assertThat(data.resolve("chrysalis-undo")).doesNotExist();
    assertRefused(PostgresErrors.NO_WAY_BACK, () -> takeBack("job-1"));
  }

  @Test
  void whatIsKeptIsForgottenOnlyOnceAServerWasStarted() throws IOException {
    restore("job-1");
    InPlaceRestore.forgetUseless(data);
    assertThat(data.resolve("chrysalis-undo/job-1")).exists();

    Files.move(data.resolve("backup_label"), data.resolve("backup_label.old"));
    InPlaceRestore.forgetUseless(data);
    assertThat(data.resolve("chrysalis-undo")).doesNotExist();
  }

  @Test
  void anotherVersionIsRefused() throws IOException {
    Files.writeString(data.resolve("PG_VERSION"), "16\n");
    Map<String, String> other = Tree.of(data);

    assertRefused(PostgresErrors.OTHER_CLUSTER, () -> restore("job-1"));

    assertThat(Tree.of(data)).isEqualTo(other);
  }

  @Test
  void anotherClusterIsRefusedAndSoIsNone() throws IOException {
    Files.write(data.resolve(ControlFile.PATH), PlantedCluster.control("7", 1));
    Map<String, String> other = Tree.of(data);
    assertRefused(PostgresErrors.OTHER_CLUSTER, () -> restore("job-1"));
    assertThat(Tree.of(data)).isEqualTo(other);

    Files.delete(data.resolve(ControlFile.PATH));
    assertRefused(PostgresErrors.NOT_A_DATA_DIRECTORY, () -> restore("job-1"));
    data = temp.resolve("nowhere");
    assertRefused(PostgresErrors.NOT_A_DATA_DIRECTORY, () -> restore("job-1"));
  }

  @Test
  void aSnapshotThatLacksPacksTouchesNothing() throws IOException {
    vault.losePacks("p1");
    assertRefused(VaultErrors.SNAPSHOT_INCOMPLETE, () -> restore("job-1"));
    assertThat(Tree.of(data)).isEqualTo(before);
  }

  @Test
  void whatIsInNoBackupStays() throws IOException {
    Files.createDirectory(data.resolve("lost+found"));
    Files.createDirectory(data.resolve("chrysalis"));
    Files.writeString(data.resolve("chrysalis/spool"), "ours");
    restore("job-1");
    assertThat(data.resolve("lost+found")).isDirectory();
    assertThat(data.resolve("chrysalis/spool")).hasContent("ours");
  }

  @Test
  void walOnAVolumeOfItsOwnIsEmptiedAndComesBack() throws IOException {
    Path volume = temp.resolve("wal-volume");
    Files.move(data.resolve("pg_wal"), volume);
    Files.createSymbolicLink(data.resolve("pg_wal"), volume);
    before = Tree.of(temp);
    restore("job-1");
    assertRestored();
    assertThat(data.resolve("pg_wal")).isSymbolicLink();
    assertThat(volume.resolve("archive_status")).isDirectory();

    takeBack("job-1");
    assertThat(Tree.of(temp)).isEqualTo(before);
  }

  @Test
  void tablespacesStayWhereTheyAreAndOtherVersionsInThemAreLeftAlone() throws IOException {
    String ours = "pg_tblspc/16400/PG_17_202406281";
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      snapshot =
          PlantedCluster.plant(
              vault,
              entry("pg_tblspc", FileEntry.Kind.DIRECTORY, ""),
              entry("pg_tblspc/16400", FileEntry.Kind.LINK, "/srv/fast"),
              entry(ours, FileEntry.Kind.DIRECTORY, ""),
              PlantedCluster.file(writer, ours + "/1", new byte[] {1}));
    }
    Path place = Files.createDirectories(temp.resolve("fast"));
    Files.createDirectories(data.resolve("pg_tblspc"));
    Files.createSymbolicLink(data.resolve("pg_tblspc/16400"), place);
    Files.createDirectories(place.resolve("PG_16_1"));
    Files.createDirectories(data.resolve(ours));
    Files.write(data.resolve(ours + "/1"), new byte[] {2});
    Files.write(data.resolve(ours + "/2"), new byte[] {3});
    before = Tree.of(temp);

    restore("job-1");
    assertThat(Files.readSymbolicLink(data.resolve("pg_tblspc/16400"))).isEqualTo(place);
    assertThat(place.resolve("PG_17_202406281/1")).hasBinaryContent(new byte[] {1});
    assertThat(place.resolve("PG_17_202406281/2")).doesNotExist();
    assertThat(place.resolve("PG_16_1")).isDirectory();
    assertThat(data.resolve("tablespace_map")).hasContent("16400 " + place);

    takeBack("job-1");
    assertThat(Tree.of(temp)).isEqualTo(before);
  }

  private static FileEntry entry(String path, FileEntry.Kind kind, String target) {
    return new FileEntry(path, kind, 0700, 0, Instant.EPOCH, target, List.of());
  }

  @Test
  void aTornEndOfTheUndoLogIsNothingThatWasDone() throws IOException {
    vault.failReadingAfter(3);
    assertRefused(VaultErrors.UNREACHABLE, () -> restore("job-1"));
    Path log = data.resolve("chrysalis-undo/job-1/log");
    Files.write(log, new byte[] {0, 0, 0, 90, 1, 2, 3}, StandardOpenOption.APPEND);
    takeBack("job-1");
    assertThat(Tree.of(data)).isEqualTo(before);
  }

  @Test
  void aDamagedUndoLogIsSaidAndNothingIsTakenBack() throws IOException {
    restore("job-1");
    Files.writeString(data.resolve("chrysalis-undo/job-1/log"), "something else altogether");
    Map<String, String> restored = Tree.of(data);
    assertRefused(PostgresErrors.UNDO_DAMAGED, () -> takeBack("job-1"));
    assertThat(Tree.of(data)).isEqualTo(restored);
  }
}
