package dev.chrysalis.postgres.agent.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes restore in place, or take that back, and are killed with signal 9 at chosen
/// moments.
class KilledInPlaceRestoreIT {
  private static final String COMPARING = "comparing files";
  private static final String SYNCING = "syncing files";
  private static final String TAKING_BACK = "taking the restore back";

  @TempDir Path temp;
  private Path data = Path.of(".");
  private Map<String, String> before = Map.of();

  /// The process that gets killed: works on the first argument, and stands still once it was told
  /// as many of the second one's steps as the third says.
  static final class Working {
    private Working() {}

    public static void main(String[] arguments) {
      int last = Integer.parseInt(arguments[2]);
      AtomicInteger steps = new AtomicInteger();
      CopyProgress progress =
          new CopyProgress() {
            @Override
            public void progress(String stage, long done, long total) {
              if (stage.equals(arguments[1]) && steps.incrementAndGet() >= last) {
                System.out.println("here");
                while (true) {
                  LockSupport.park();
                }
              }
            }

            @Override
            public void note(String text) {}
          };
      Path data = Path.of(arguments[0]);
      if (arguments[1].equals(TAKING_BACK)) {
        takeBack(data, progress);
      } else {
        restore(data, progress);
      }
    }
  }

  private static void restore(Path data, CopyProgress progress) {
    MemoryVault vault = new MemoryVault();
    new InPlaceRestore(vault, progress, 2, false)
        .run(
            new FileRestore.Request(
                new JobId("job-1"),
                "postgres",
                PlantedCluster.plant(vault),
                data,
                TablespacePlaces.under(data.resolveSibling("spaces")),
                new RecoverySettings.ToTarget(
                    new RecoveryTarget.AtConsistency(), 1, "false", Map.of())));
  }

  private static void takeBack(Path data, CopyProgress progress) {
    new TakeBack(progress).run(data, new JobId("job-1"));
  }

  @BeforeEach
  void layDown() throws Exception {
    data = temp.resolve("data");
    PlantedCluster.layDown(data);
    before = Tree.of(data);
  }

  private void killAt(String stage, int step) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Working.class.getName(),
                data.toString(),
                stage,
                Integer.toString(step))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("here");
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    assertThat(data.resolve(ControlFile.PATH)).doesNotExist();
    assertThat(DataDirectoryState.read(data)).isInstanceOf(DataDirectoryState.HalfRestored.class);
  }

  @Test
  void aRestoreKilledAgainAndAgainIsCompletedByItsSuccessor() throws Exception {
    killAt(COMPARING, 1);
    killAt(COMPARING, 20);
    killAt(COMPARING, 45);
    killAt(SYNCING, 5);
    restore(data, CopyProgress.silent());
    for (int i = 0; i < PlantedCluster.FILES; i++) {
      assertThat(Files.readAllBytes(data.resolve(PlantedCluster.relation(i))))
          .isEqualTo(PlantedCluster.content(i));
    }
    assertThat(data.resolve("base/5")).isDirectoryNotContaining("glob:**chrysalis*");
    assertThat(data.resolve(ControlFile.PATH)).hasSize(ControlFile.FILE_BYTES);
  }

  @Test
  void aRestoreKilledOnItsWayAndOnItsWayBackIsTakenBackByteForByte() throws Exception {
    killAt(COMPARING, 30);
    killAt(SYNCING, 20);
    killAt(TAKING_BACK, 1);
    killAt(TAKING_BACK, 15);
    killAt(TAKING_BACK, 30);
    takeBack(data, CopyProgress.silent());
    assertThat(Tree.of(data)).isEqualTo(before);
  }
}
