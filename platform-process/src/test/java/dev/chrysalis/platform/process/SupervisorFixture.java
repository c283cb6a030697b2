package dev.chrysalis.platform.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// A supervisor of its own in a directory of its own, with tiny programs for members. Closing it
/// fails where a process is left.
final class SupervisorFixture implements AutoCloseable {
  static final Token TOKEN = new Token(5);
  private static final String MAIN =
      "if [ \"$BROKEN\" = yes ]; then exit 3; fi; echo hello from $CHRYSALIS_MEMBER;"
          + " exec sleep 1000";
  private static final String AGENT =
      "what=$1; shift; case $what in"
          + " echo) for w; do echo $w; done;;"
          + " fail) code=$1; shift; echo \"$*\" >&2; exit $code;;"
          + " env) echo $CHRYSALIS_MEMBER $CHRYSALIS_VOLUME $CHRYSALIS_ADDRESS;;"
          + " linger) echo before; sleep 1000;;"
          + " detach) setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!;;"
          + " esac";

  final Path directory;
  final ProcessPlatform platform;
  private final SupervisorLauncher launcher;

  SupervisorFixture() {
    this(fresh());
  }

  SupervisorFixture(Path directory) {
    this(directory, System.getProperty("java.class.path"), OptionalInt.empty());
  }

  SupervisorFixture(Path directory, String classPath, OptionalInt uid) {
    this.directory = directory;
    this.launcher =
        new SupervisorLauncher(
            directory,
            SupervisorLauncher.java(Path.of(System.getProperty("java.home")), classPath),
            uid);
    this.platform = launcher.ensureRunning();
  }

  static Path fresh() {
    try {
      return Files.createTempDirectory("chrysalis-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WorkloadSpec web() {
    return new WorkloadSpec(
        "web",
        Workload.Kind.DEPLOYMENT,
        2,
        List.of(shell("main", MAIN)),
        Map.of(),
        List.of(),
        false,
        List.of("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        new StopSpec(StopSpec.Signal.TERM, 1_000),
        2_000);
  }

  static WorkloadSpec store() {
    return new WorkloadSpec(
        "store",
        Workload.Kind.STATEFUL_SET,
        1,
        List.of(shell("main", MAIN)),
        Map.of(),
        List.of("/bin/sh", "-c", AGENT, "agent"),
        true,
        List.of("127.0.0.1", "127.0.0.1"),
        new StopSpec(StopSpec.Signal.INT, 1_000),
        2_000);
  }

  static ContainerSpec shell(String name, String script) {
    return new ContainerSpec(
        name, List.of("/bin/sh", "-c", script), Map.of(), new Readiness.Running());
  }

  Path volume(MemberId member) {
    return directory.resolve("volumes").resolve(member.toString());
  }

  /// The pids of the member's processes, found by their mark.
  List<Long> pids(MemberId member) {
    return marked("/" + member + "/");
  }

  long mainPid(MemberId member) {
    List<Long> pids = marked("/" + member + "/main");
    assertThat(pids).as("processes of " + member).hasSize(1);
    return pids.getFirst();
  }

  void signal(long pid, String name) {
    run("kill", "-" + name, Long.toString(pid));
  }

  /// Kills the supervisor, and nothing else, without a chance to say anything.
  void killSupervisor() {
    long pid = platform.supervisorPid();
    signal(pid, "KILL");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  void startSupervisor() {
    launcher.ensureRunning();
  }

  @Override
  public void close() {
    List<Long> before = marked("/");
    launcher.ensureRunning();
    platform.shutdown();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(marked("/")).as("left of " + before).isEmpty());
    remove(directory);
  }

  List<Long> marked(String rest) {
    String identity = identity();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.map(ProcessHandle::pid)
          .filter(pid -> mark(pid).startsWith(identity) && mark(pid).contains(rest))
          .toList();
    }
  }

  private String identity() {
    try {
      return Files.readString(directory.resolve("identity.json")).replaceAll(".*:\"|\"}", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String mark(long pid) {
    try {
      for (String variable :
          Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0", -1)) {
        if (variable.startsWith("CHRYSALIS_PROCESS=")) {
          return variable.substring("CHRYSALIS_PROCESS=".length());
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  static void run(String... command) {
    try {
      assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static void remove(Path tree) {
    try (Stream<Path> all = Files.walk(tree)) {
      all.sorted(Comparator.reverseOrder()).forEach(SupervisorFixture::removeOne);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeOne(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
