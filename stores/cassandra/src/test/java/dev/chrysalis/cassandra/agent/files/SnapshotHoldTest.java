package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which of the server's own snapshots nobody copies any more, and when a copy gives up.
class SnapshotHoldTest {
  private final SnapshotTag tag = SnapshotTag.of("nightly", Instant.parse("2026-11-27T12:00:00Z"));

  @TempDir private Path data;

  @Test
  void saysNothingOfASnapshotWithoutALock() {
    assertThat(SnapshotHold.of(data, tag)).isEqualTo(SnapshotHold.Holder.UNKNOWN);
  }

  @Test
  void aBackupThatRunsHoldsItsSnapshot() {
    try (SnapshotHold hold = SnapshotHold.take(data, tag)) {
      assertThat(SnapshotHold.of(data, tag)).isEqualTo(SnapshotHold.Holder.HELD);
      hold.forget();
    }
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void oneThatCouldNotBeClearedIsLeft() {
    SnapshotHold.take(data, tag).close();

    assertThat(SnapshotHold.of(data, tag)).isEqualTo(SnapshotHold.Holder.LEFT);
  }

  /// Its lock goes with it, the file stays.
  @Test
  void aKilledBackupHasLeftIt() throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SnapshotHoldTest.class.getName(),
                data.toString(),
                tag.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("held");
      assertThat(SnapshotHold.of(data, tag)).isEqualTo(SnapshotHold.Holder.HELD);
    } finally {
      other.destroyForcibly();
    }
    assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();

    assertThat(SnapshotHold.of(data, tag)).isEqualTo(SnapshotHold.Holder.LEFT);
    SnapshotHold.forgetLeft(data);
    assertThat(data).isEmptyDirectory();
  }

  /// Holds a snapshot until it is killed.
  public static void main(String[] args) throws IOException {
    try (SnapshotHold _ =
        SnapshotHold.take(Path.of(args[0]), SnapshotTag.parse(args[1]).orElseThrow())) {
      IO.println("held");
      int _ = System.in.read();
    }
  }

  @Test
  void leavesHalfOfAFullDiskToTheServer() {
    assertThat(DiskRoom.least(100L << 30)).isEqualTo(1L << 30);
    assertThat(DiskRoom.least(600L << 20)).isEqualTo(300L << 20);
    DiskRoom.require(data, 300L << 20, 300L << 20);
    assertThatThrownBy(() -> DiskRoom.require(data, 299L << 20, 300L << 20))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(CassandraErrors.NO_ROOM));
  }
}
