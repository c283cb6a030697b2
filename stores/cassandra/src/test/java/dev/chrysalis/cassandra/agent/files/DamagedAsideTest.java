package dev.chrysalis.cassandra.agent.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.CassandraNode;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedAsideTest {
  private static final String TABLE = "shop/orders-92e0e610ea0311f1a87c311c41055dd3";
  private static final String LOCAL = "system/local-7ad54392bcdd35a684174e047860b377";

  @TempDir private Path storage;

  @BeforeEach
  void writesWhatTheServerWould() throws IOException {
    sstable(TABLE, "nb-1-big", "good", true);
    sstable(LOCAL, "nb-1-big", "me", true);
  }

  @Test
  void movesADamagedTableWithAllOfItsComponents() throws IOException {
    sstable(TABLE, "nb-12-big", "bad", false);
    sstable(TABLE + "/.by_value", "nb-3-big", "bad", false);
    sstable(TABLE + "/snapshots/old", "nb-7-big", "bad", false);

    DamagedAside.Moved moved = aside().run();

    assertThat(moved.checked()).isEqualTo(4);
    assertThat(moved.tables()).hasSize(2);
    assertThat(at(TABLE + "/nb-12-big-Data.db")).doesNotExist();
    assertThat(at(TABLE + "/nb-12-big-Statistics.db")).doesNotExist();
    assertThat(at(TABLE + "/snapshots/damaged-5000/nb-12-big-Data.db")).hasContent("bad");
    assertThat(at(TABLE + "/snapshots/damaged-5000/nb-12-big-Statistics.db")).exists();
    assertThat(at(TABLE + "/snapshots/damaged-5000/.by_value/nb-3-big-Data.db")).exists();
    assertThat(at(TABLE + "/snapshots/damaged-5000/chrysalis-rebuild-indexes")).exists();
    assertThat(at(TABLE + "/nb-1-big-Data.db")).exists();
    assertThat(aside().run().tables()).isEmpty();
  }

  /// A folder in a file's place: it can be opened, and not be read.
  @Test
  void movesATableOfWhichTheDiskCannotReadAComponent() throws IOException {
    sstable(TABLE, "nb-12-big", "good", true);
    Files.createDirectory(at(TABLE + "/nb-12-big-Index.db"));

    assertThat(aside().run().tables()).hasSize(1);
    assertThat(at(TABLE + "/nb-12-big-Data.db")).doesNotExist();
    assertThat(at(TABLE + "/nb-1-big-Data.db")).exists();
  }

  @Test
  void touchesNothingWhereATableIsDamagedThatOnlyThisNodeHas() throws IOException {
    sstable(TABLE, "nb-12-big", "bad", false);
    sstable(LOCAL, "nb-2-big", "not me", false);

    assertThatThrownBy(() -> aside().run())
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.OWN_TABLES_DAMAGED));

    assertThat(at(TABLE + "/nb-12-big-Data.db")).exists();
  }

  private DamagedAside aside() {
    // Nobody listens there.
    CassandraNode node = CassandraNode.open("127.0.0.1", 1);
    return new DamagedAside(
        node, NodeFolders.below(storage), CopyProgress.silent(), () -> Instant.ofEpochSecond(5));
  }

  private Path at(String path) {
    return storage.resolve("data").resolve(path);
  }

  private void sstable(String folder, String stem, String content, boolean right)
      throws IOException {
    Path at = Files.createDirectories(at(folder));
    CRC32 crc = new CRC32();
    crc.update(content.getBytes(UTF_8));
    Path _ = Files.writeString(at.resolve(stem + "-Data.db"), content);
    Path _ = Files.writeString(at.resolve(stem + "-Statistics.db"), "s");
    Path _ =
        Files.writeString(
            at.resolve(stem + "-Digest.crc32"), Long.toString(crc.getValue() + (right ? 0 : 1)));
  }
}
