package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// What the lab does with the ring as its superuser, by programs of BUTTERFLY that run once.
record CassandraTasks(LabSecrets secrets, LabPrograms programs, LabAddresses addresses) {
  private static final String MAKE = "dev.butterfly.shelf.MakeKeyspaces";
  private static final String OVERWRITE = "dev.butterfly.shelf.OverwriteCapsules";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 100;
  private static final int ATTEMPTS = 5;

  /// Makes keyspaces, tables and roles. A fresh ring takes clients a moment before there is anybody
  /// who could log in.
  ///
  /// @param goOn asked again and again; throws when the lab is to be removed instead
  void makeKeyspaces(Runnable goOn) {
    for (int left = ATTEMPTS; ; left--) {
      try {
        String _ = run(MAKE, goOn);
        return;
      } catch (ChrysalisException e) {
        if (left == 1 || e.code().equals(LabErrors.INTERRUPTED)) {
          throw e;
        }
      }
    }
  }

  /// Overwrites the value of every capsule; returns the moment until which values were right.
  String overwriteCapsules() {
    return run(OVERWRITE, () -> {});
  }

  private String run(String main, Runnable goOn) {
    try {
      ProcessBuilder builder = new ProcessBuilder(programs.once(main)).redirectErrorStream(true);
      builder.environment().putAll(variables());
      Process process = builder.start();
      try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
        // Read beside the wait: a program that hangs ends neither its output nor itself.
        Future<List<String>> output = beside.submit(() -> lines(process));
        try {
          await(main, process, goOn);
          return answer(main, process.exitValue(), output.get());
        } finally {
          process.destroyForcibly();
        }
      }
    } catch (IOException | ExecutionException e) {
      throw failed(main, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          LabErrors.INTERRUPTED, "interrupted while " + main + " ran", "run it again", e);
    }
  }

  private static String answer(String main, int exitCode, List<String> said) {
    String last = said.isEmpty() ? "" : said.getLast();
    if (exitCode != 0) {
      throw failed(main, last.isEmpty() ? "it said nothing" : last);
    }
    return last;
  }

  private static void await(String main, Process process, Runnable goOn)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      goOn.run();
      if (System.nanoTime() > deadline) {
        throw failed(main, "it did not end within " + PATIENCE.toSeconds() + " s");
      }
    }
  }

  private static List<String> lines(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }

  private Map<String, String> variables() {
    return Map.of(
        "CASSANDRA_CONTACT_POINTS", addresses.contactPoints(LabAddresses.CASSANDRA_PORT),
        "CASSANDRA_DATACENTER", CassandraConfiguration.DATACENTER,
        "CASSANDRA_PASSWORD_FILE", secrets.cassandraButterfly().toString(),
        "CASSANDRA_ADMINISTRATOR_PASSWORD_FILE", secrets.cassandraAdministrator().toString());
  }

  private static ChrysalisException failed(String main, String why) {
    return new ChrysalisException(
        LabErrors.COMMAND_FAILED,
        main + " failed: " + why,
        "see chrysalis lab status; a broken lab is replaced with lab down and lab up");
  }
}
