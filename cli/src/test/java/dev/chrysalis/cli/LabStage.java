package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cli.drill.Drill;
import dev.chrysalis.lab.Lab;
import dev.chrysalis.lab.LabService;
import dev.chrysalis.lab.LabServices;
import dev.chrysalis.lab.ledger.Incident;
import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.lab.ledger.LoadGenerator;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.StackFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// A lab of a test's own, with a load on it, and the command line as a user types it: in this
/// process, or in one of its own that can be killed.
final class LabStage implements AutoCloseable {
  /// For a whole recovery, on a slow machine.
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final Path folder;
  private final Lab lab;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Ledger ledger;
  private final LoadGenerator load;
  private final LabService loaded;
  private final List<Process> started = new CopyOnWriteArrayList<>();

  private LabStage(Path folder, Lab lab, LabService loaded) {
    this.folder = folder;
    this.lab = lab;
    this.loaded = loaded;
    this.ledger = Ledger.open(lab.layout().ledger(loaded));
    this.load = lab.load(loaded, ledger, http, new SecureRandom());
  }

  /// A lab with perception alone that is up, loaded with 10 writes a second, and protected by a
  /// first backup.
  static LabStage up() throws IOException {
    return up(newFolder());
  }

  /// The same with all services but odyssey, whose Redis has tests of its own: each look at six
  /// more members takes seconds here.
  static LabStage upWithServices() throws IOException {
    LabServices services =
        new LabServices(
            List.of(LabService.PERCEPTION, LabService.CAPSULE, LabService.PLATO, LabService.NEXUS));
    return up(newFolder(), services, LabService.PERCEPTION);
  }

  /// The same with odyssey beside perception, and Redis, and the load on odyssey.
  static LabStage upWithRedis() throws IOException {
    return up(newFolder(), LabServices.WITH_BOTH_STORES, LabService.ODYSSEY);
  }

  /// The same with capsule and plato beside perception, and Cassandra, and the load on capsule and
  /// plato.
  static LabStage upWithCassandra() throws IOException {
    return up(newFolder(), LabServices.WITH_CASSANDRA, LabService.CAPSULE);
  }

  /// A folder for a lab. Not below the temporary folder of the build: the lab's unprivileged user
  /// must reach it.
  static Path newFolder() throws IOException {
    Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "chrysalis-it-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  /// With perception alone, in a folder that is there; `close` removes what is in it, and the
  /// folder.
  static LabStage up(Path folder) throws IOException {
    return up(folder, LabServices.PERCEPTION_ALONE, LabService.PERCEPTION);
  }

  private static LabStage up(Path folder, LabServices services, LabService loaded)
      throws IOException {
    Path home = Path.of("..").toAbsolutePath().normalize();
    Lab lab = new Programs(home).lab(Optional.of(folder.resolve("lab")));
    try {
      lab.up(services, _ -> {});
      LabStage stage = new LabStage(folder, lab, loaded);
      stage.load.start(10);
      Result backup = stage.run("backup");
      if (backup.code() != 0) {
        throw new IllegalStateException(backup.toString());
      }
      return stage;
    } catch (RuntimeException e) {
      // Nobody has it to close it.
      lab.down();
      throw e;
    }
  }

  Lab lab() {
    return lab;
  }

  Ledger ledger() {
    return ledger;
  }

  HttpClient http() {
    return http;
  }

  Site site() {
    return Site.open(StackFile.load(lab.layout().stackFile()));
  }

  /// Plays disasters on the lab in silence; the pages go to that folder.
  Drill drill(Path reports) {
    return new Drill(
        lab,
        loaded,
        ledger,
        reports,
        new PrintStream(PrintStream.nullOutputStream()),
        System.err,
        InstantSource.system());
  }

  /// What a command printed, and its exit code.
  record Result(int code, String out, String err) {}

  /// Runs a command in this process.
  Result run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code;
    try (PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream e = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      code = Main.run(o, e, withStack(words));
    }
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /// Starts a command as a process of its own, its output in a file.
  Controller start(String... words) throws IOException {
    Path output = Files.createTempFile(folder, "controller", ".out");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(withStack(words)));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    started.add(process);
    return new Controller(process, output);
  }

  private String[] withStack(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--stack", lab.layout().stackFile().toString()));
    return all.toArray(String[]::new);
  }

  /// Waits until a write that was sent after now is acknowledged.
  void awaitService() {
    Instant now = Instant.now();
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> load.firstAcknowledgedAfter(now).isPresent());
  }

  /// Reads all values back, and compares them with what was acknowledged, by the service that is
  /// loaded; it may refuse a page while it is busy.
  LedgerVerdict readBack(Instant disaster) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptionsInstanceOf(ChrysalisException.class)
        .until(
            () ->
                LedgerVerdict.compare(
                    ledger.writes(),
                    lab.reader(loaded, http),
                    Incident.of(disaster, Instant.now())),
            _ -> true);
  }

  /// Waits until nothing is found wrong: a probe may be late, and the vault a moment behind, where
  /// all servers start again side by side.
  void awaitAllWell() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> {
          Result seen = run("assess");
          assertThat(seen.out()).as(seen.err()).contains("All is well");
        });
  }

  /// Waits until the assessment finds something to recover.
  void awaitTrouble() {
    try (Site site = site()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !site.recovery().assess().allWell());
    }
  }

  @Override
  public void close() throws IOException {
    started.forEach(Process::destroyForcibly);
    load.close();
    ledger.close();
    http.close();
    lab.down();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /// A controller in a process of its own.
  record Controller(Process process, Path output) {
    String text() {
      try {
        return Files.readString(output);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    /// Waits until it printed that, and kills it in the same moment.
    void killAt(String text) {
      awaitText(text);
      process.destroyForcibly();
      Awaitility.await().until(() -> !process.isAlive());
    }

    void awaitText(String text) {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> text().contains(text) || !process.isAlive());
      if (!text().contains(text)) {
        throw new IllegalStateException("ended without saying '" + text + "': " + text());
      }
    }

    int awaitEnd() {
      Awaitility.await().atMost(PATIENCE).until(() -> !process.isAlive());
      return process.exitValue();
    }
  }
}
