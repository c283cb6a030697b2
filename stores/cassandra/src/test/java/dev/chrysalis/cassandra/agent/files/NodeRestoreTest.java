package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.cassandra.archive.NodeFacts;
import dev.chrysalis.cassandra.archive.Spare;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// On made-up files: what a server makes of them is `RingRestoreIT`.
class NodeRestoreTest {
  private static final String STORE = "cassandra";
  private static final String LOCAL = "system/local-7ad54392bcdd35a684174e047860b377/nb-1-big-";
  private static final String CAPSULES =
      "butterfly/capsules-92e0e610ea0311f1a87c311c41055dd3/nb-1-big-";

  @TempDir private Path folder;

  private final MemoryBackend backend = new MemoryBackend();
  private final Vault vault = VaultFixture.create(backend);

  @Test
  void bringsBackEachFileAndLeavesTheStatementsInTheVault() throws IOException {
    SnapshotId snapshot = snapshot(content(1));

    NodeRestore.Restored restored = restore("job-1", snapshot, folders(1));

    assertThat(restored.files()).isEqualTo(4);
    assertThat(there(folders(1))).isEqualTo(texts(content(1)));
    assertThat(RestoreMark.read(folders(1).data().getFirst(), RestoreMark.ENDED)).isPresent();
  }

  @Test
  void spreadsANodeOfThreeDisksOverTwo() throws IOException {
    SnapshotId snapshot = snapshot(content(3));

    restore("job-1", snapshot, folders(2));

    assertThat(there(folders(2)).keySet())
        .contains("data/0/" + LOCAL + "Data.db", "data/0/" + CAPSULES + "2-Data.db")
        .contains("data/1/" + CAPSULES + "1-Data.db");
  }

  @Test
  void refusesAFolderThatHoldsSomethingAndTouchesNothing() throws IOException {
    SnapshotId snapshot = snapshot(content(1));
    Path commitLog = Files.createDirectories(folders(1).commitLog());
    Files.writeString(commitLog.resolve("CommitLog-7-1.log"), "old");

    assertRefused(CassandraErrors.NOT_EMPTY, () -> restore("job-1", snapshot, folders(1)));

    assertThat(folders(1).data().getFirst()).doesNotExist();
  }

  @Test
  void refusesWhileSomethingListensOnTheNodesJmx() throws IOException {
    SnapshotId snapshot = snapshot(content(1));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CassandraNode node = CassandraNode.open("127.0.0.1", server.getLocalPort());
      assertRefused(
          CassandraErrors.NODE_RUNNING,
          () ->
              new NodeRestore(vault, CopyProgress.silent(), 2)
                  .run(request("job-1", snapshot, folders(1), node)));
    }
    assertThat(folders(1).data().getFirst()).doesNotExist();
  }

  @Test
  void refusesASnapshotThatLacksPacks() throws IOException {
    SnapshotId snapshot = snapshot(content(1));
    for (String key : backend.list("").map(k -> k.key()).filter(k -> k.contains("pack")).toList()) {
      backend.delete(key);
    }

    assertRefused(VaultErrors.SNAPSHOT_INCOMPLETE, () -> restore("job-1", snapshot, folders(1)));

    assertThat(folders(1).data().getFirst()).doesNotExist();
  }

  @Test
  void refusesASnapshotWithAPathThatIsNoTables() throws IOException {
    Map<String, byte[]> strange = new TreeMap<>(content(1));
    strange.put("conf/cassandra.yaml", new byte[] {1});
    SnapshotId snapshot = snapshot(strange);

    assertRefused(CassandraErrors.STRANGE_PATH, () -> restore("job-1", snapshot, folders(1)));

    assertThat(folders(1).data().getFirst()).doesNotExist();
  }

  /// Broken off at each thing that it tells, it leaves what no server starts on; the same job ends
  /// what it began, and another one is refused.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 13})
  void goesOnAfterItWasBrokenOff(int at) throws IOException {
    SnapshotId snapshot = snapshot(content(1));
    assertThatThrownBy(() ->
            new NodeRestore(vault, new BreaksOff(at), 1)
                .run(request("job-1", snapshot, folders(1), nobody())))
        .isInstanceOf(BrokenOff.class);
    assertThat(guard()).exists();

    assertRefused(CassandraErrors.NOT_EMPTY, () -> restore("job-2", snapshot, folders(1)));
    restore("job-1", snapshot, folders(1));

    assertThat(there(folders(1))).isEqualTo(texts(content(1)));
    assertThat(guard()).doesNotExist();
    assertThat(restore("job-1", snapshot, folders(1)).keptBytes()).isPositive();
  }

  private Path guard() {
    return folders(1)
        .data()
        .getFirst()
        .resolve(
            "system/chrysalis_restore_is_not_done-00000000000000000000000000000000/zz-1-big-Data.db");
  }

  private static void assertRefused(ErrorCode code, Runnable restore) {
    assertThatThrownBy(restore::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private NodeFolders folders(int disks) {
    NodeFolders usual = NodeFolders.below(folder);
    List<Path> data =
        Stream.iterate(0, n -> n < disks, n -> n + 1)
            .map(n -> folder.resolve("data/" + n))
            .toList();
    return new NodeFolders(data, usual.commitLog(), usual.hints(), usual.savedCaches());
  }

  private static CassandraNode nobody() {
    return CassandraNode.open("127.0.0.1", 1);
  }

  private static NodeRestore.Request request(
      String job, SnapshotId snapshot, NodeFolders folders, CassandraNode node) {
    return new NodeRestore.Request(
        new JobId(job), STORE, snapshot, Optional.empty(), Optional.empty(), folders, node);
  }

  private NodeRestore.Restored restore(String job, SnapshotId snapshot, NodeFolders folders) {
    return new NodeRestore(vault, CopyProgress.silent(), 2)
        .run(request(job, snapshot, folders, nobody()));
  }

  private static Map<String, byte[]> content(int disks) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("data/0/" + LOCAL + "Data.db", VaultFixture.content(1, 5000));
    files.put("data/0/" + LOCAL + "TOC.txt", VaultFixture.content(2, 50));
    for (int disk = 0; disk < disks; disk++) {
      String prefix = "data/" + disk + "/" + CAPSULES + disk;
      files.put(prefix + "-Data.db", VaultFixture.content(disk, 900_000));
      files.put(prefix + "-Digest.crc32", new byte[0]);
    }
    return files;
  }

  private SnapshotId snapshot(Map<String, byte[]> files) {
    Instant now = VaultFixture.NOW;
    NodeFacts facts =
        new NodeFacts(
            new MemberId("cassandra", 0),
            "first",
            "butterfly",
            "a",
            Set.of("a"),
            "5.0.9",
            "s",
            "dc1",
            "rack1",
            now,
            now,
            Optional.empty(),
            Spare.NONE,
            1000,
            0,
            List.of());
    try (SnapshotWriter writer = vault.beginSnapshot(STORE)) {
      files.forEach((path, bytes) -> VaultFixture.file(writer, path, bytes));
      VaultFixture.file(
          writer, "schema/butterfly/capsules-92e0e610ea0311f1a87c311c41055dd3.cql", new byte[] {1});
      Snapshot committed = writer.commit(facts.toMap());
      return committed.id();
    }
  }

  private static Map<String, String> there(NodeFolders folders) throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (int disk = 0; disk < folders.data().size(); disk++) {
      Path root = folders.data().get(disk);
      try (Stream<Path> all = Files.walk(root)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          String name = root.relativize(file).toString();
          if (!name.equals(RestoreMark.ENDED)) {
            found.put("data/" + disk + "/" + name, text(Files.readAllBytes(file)));
          }
        }
      }
    }
    return found;
  }

  private static Map<String, String> texts(Map<String, byte[]> files) {
    Map<String, String> texts = new TreeMap<>();
    files.forEach((path, bytes) -> texts.put(path, text(bytes)));
    return texts;
  }

  /// A letter for each byte.
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static final class BrokenOff extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// Ends the work at the n-th thing that it tells.
  private static final class BreaksOff implements CopyProgress {
    private final AtomicInteger left;

    BreaksOff(int at) {
      left = new AtomicInteger(at);
    }

    @Override
    public void progress(String stage, long done, long total) {
      if (left.decrementAndGet() <= 0) {
        throw new BrokenOff();
      }
    }

    @Override
    public void note(String text) {}
  }
}
