package dev.chrysalis.platform.process;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.PlatformErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Starts the supervisor of a state directory as a daemon that outlives this program.
///
/// The directory exists, is private, and belongs to the user that the supervisor runs as: who asks
/// for another uid changes its owner first. Output goes to `supervisor.log` there.
public final class SupervisorLauncher {
  private static final String MAIN = "dev.chrysalis.platform.process.supervisor.SupervisorMain";

  /// The exit code of a supervisor that found another one in its directory.
  private static final int OTHER_HOLDS = 3;

  private static final Duration STEP = Duration.ofMillis(30);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path stateDirectory;
  private final List<String> java;
  private final OptionalInt uid;

  /// @param java the command that starts a JVM with this module on its class path, up to the main
  ///   class; see `java`
  /// @param uid the user that supervisor and members run as; empty for this one
  public SupervisorLauncher(Path stateDirectory, List<String> java, OptionalInt uid) {
    this.stateDirectory = stateDirectory.toAbsolutePath();
    this.java = List.copyOf(java);
    this.uid = uid;
  }

  /// The command of a small JVM, to be passed to the constructor.
  public static List<String> java(Path javaHome, String classPath) {
    return List.of(
        javaHome.resolve("bin/java").toString(),
        "-Xmx64m",
        "-Xss512k",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-Xshare:auto",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        classPath);
  }

  /// Returns a client of the running supervisor, which it starts where none answers. Of many that
  /// do so at once, one supervisor remains.
  public ProcessPlatform ensureRunning() {
    var platform = new ProcessPlatform(stateDirectory);
    if (!answers(platform)) {
      awaitAnswer(platform, start());
    }
    return platform;
  }

  private Process start() {
    Path log = stateDirectory.resolve("supervisor.log");
    var builder =
        new ProcessBuilder(command())
            .directory(stateDirectory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new ChrysalisException(
          PlatformErrors.UNREACHABLE,
          "could not start the supervisor of " + stateDirectory + ": " + e.getMessage(),
          "Check that the directory exists and that the JDK can be run.",
          e);
    }
  }

  private List<String> command() {
    var command = new ArrayList<String>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    if (uid.isPresent()) {
      command.addAll(
          List.of(
              "setpriv",
              "--reuid=" + uid.getAsInt(),
              "--regid=" + uid.getAsInt(),
              "--clear-groups"));
    }
    command.addAll(java);
    command.add(MAIN);
    command.add(stateDirectory.toString());
    return command;
  }

  private void awaitAnswer(ProcessPlatform platform, Process process) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      if (answers(platform)) {
        return;
      }
      if (ended(process)) {
        if (process.exitValue() != OTHER_HOLDS) {
          break;
        }
        LockSupport.parkNanos(STEP.toNanos());
      }
    }
    throw new ChrysalisException(
        PlatformErrors.UNREACHABLE,
        "the supervisor of " + stateDirectory + " was started but does not answer",
        "See " + stateDirectory.resolve("supervisor.log") + ".");
  }

  private boolean ended(Process process) {
    try {
      return process.waitFor(STEP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          PlatformErrors.UNREACHABLE,
          "interrupted while the supervisor of " + stateDirectory + " started",
          "Try again.",
          e);
    }
  }

  private static boolean answers(ProcessPlatform platform) {
    try {
      return platform.supervisorPid() > 0;
    } catch (ChrysalisException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return false;
    }
  }
}
