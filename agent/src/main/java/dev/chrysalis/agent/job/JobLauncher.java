package dev.chrysalis.agent.job;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.ChrysalisException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Starts the process of a job: this program again, in a session of its own, with no pipe or
/// terminal of ours, so that nothing that becomes of us reaches it.
final class JobLauncher {
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final int SHOWN_OUTPUT = 2_000;

  private static final List<String> JVM =
      List.of("-XX:+UseSerialGC", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED");

  /// What makes backups holds the chunk index of a terabyte and the packs under way; by itself a
  /// JVM would take a quarter of the machine's memory.
  private static final String BACKUP_HEAP = "-Xmx176m";

  private static final String HEAP = "-Xmx112m";

  /// The JDK's ciphers and hashes use the processor's instructions only in code that its second
  /// compiler has made, which by itself begins after more than a second of work at a twentieth of
  /// the speed: large chunks are few calls. So these classes are compiled early. Each line is a
  /// command for the compiler; `./chrysalis` gives its JVM the same file.
  private static final String COMPILED_EARLY = "compiled-early";

  private final AgentEnvironment environment;
  private final Spool spool;

  JobLauncher(AgentEnvironment environment, Spool spool) {
    this.environment = environment;
    this.spool = spool;
  }

  /// Returns when the process has taken the attempt on, which is on disk then.
  void launch(JobDirectory job, int attempt) throws IOException {
    try (FileChannel _ = PrivateFiles.open(job.outputFile())) {
      Process process = builder(job, attempt).start();
      awaitTaken(job, attempt, process);
    }
  }

  private ProcessBuilder builder(JobDirectory job, int attempt) throws IOException {
    List<String> command = new ArrayList<>();
    setsid().ifPresent(command::add);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.add(backsUp(job) ? BACKUP_HEAP : HEAP);
    command.addAll(compilation());
    environment
        .variable("CHRYSALIS_AGENT_JAVA_OPTIONS")
        .ifPresent(options -> command.addAll(List.of(options.strip().split("\\s+"))));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(environment.program(), "job", "run", job.id().value()));
    command.addAll(List.of("--attempt", Integer.toString(attempt)));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(Redirect.appendTo(job.outputFile().toFile()))
            .redirectError(Redirect.appendTo(job.outputFile().toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment.variables());
    builder.environment().put("CHRYSALIS_SPOOL", spool.root().toString());
    builder.environment().put("CHRYSALIS_JOB", job.id().value());
    return builder;
  }

  private static boolean backsUp(JobDirectory job) throws IOException {
    return job.spec().filter(spec -> spec.task().contains("backup")).isPresent();
  }

  private static List<String> compilation() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(JobLauncher.class.getResourceAsStream(COMPILED_EARLY))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(command -> "-XX:CompileCommand=" + command)
          .toList();
    }
  }

  /// The program that gives a process its own session; without it (macOS) the job still survives
  /// its starter, but not a signal to the starter's whole group.
  private Optional<String> setsid() {
    String path = environment.variable("PATH").orElse("/usr/bin:/bin");
    for (String directory : path.split(":", -1)) {
      Path program = Path.of(directory, "setsid");
      if (!directory.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(program.toString());
      }
    }
    return Optional.empty();
  }

  private static void awaitTaken(JobDirectory job, int attempt, Process process)
      throws IOException {
    long until = System.nanoTime() + LONGEST_START.toNanos();
    while (!taken(job, attempt)) {
      if (ended(process) && !taken(job, attempt)) {
        throw notStarted(job, "ended with " + process.exitValue());
      }
      if (System.nanoTime() > until) {
        process.destroyForcibly();
        throw notStarted(job, "did not come up in " + LONGEST_START.toSeconds() + " s");
      }
    }
  }

  private static boolean taken(JobDirectory job, int attempt) throws IOException {
    return job.process().filter(p -> p.attempt() >= attempt).isPresent();
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(20, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          AgentErrors.TERMINATED, "interrupted while a job started", "start it again", e);
    }
  }

  private static ChrysalisException notStarted(JobDirectory job, String why) throws IOException {
    String output = Files.readString(job.outputFile());
    String end = output.substring(Math.max(0, output.length() - SHOWN_OUTPUT)).strip();
    return new ChrysalisException(
        AgentErrors.JOB_NOT_STARTED,
        "the process of job " + job.id() + " " + why + (end.isEmpty() ? "" : ": " + end),
        "see " + job.outputFile() + ", then start it again");
  }
}
