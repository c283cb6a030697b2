package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What the lab does with the ring as its superuser, by programs of BUTTERFLY that run once.
record CassandraTasks(LabSecrets secrets, LabPrograms programs, LabAddresses addresses) {
  private static final String MAKE = "dev.butterfly.shelf.MakeKeyspaces";
  private static final String OVERWRITE = "dev.butterfly.shelf.OverwriteCapsules";
  private static final long PATIENCE_SECONDS = 120;
  private static final int ATTEMPTS = 5;

  /// Makes keyspaces, tables and roles. A fresh ring takes clients a moment before there is anybody
  /// who could log in.
  void makeKeyspaces() {
    for (int left = ATTEMPTS; ; left--) {
      try {
        String _ = run(MAKE);
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
    return run(OVERWRITE);
  }

  private String run(String main) {
    try {
      ProcessBuilder builder = new ProcessBuilder(programs.once(main)).redirectErrorStream(true);
      builder.environment().putAll(variables());
      Process process = builder.start();
      try {
        List<String> said =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
          throw failed(main, said.isEmpty() ? "it said nothing" : said.getLast());
        }
        return said.isEmpty() ? "" : said.getLast();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw failed(main, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          LabErrors.INTERRUPTED, "interrupted while " + main + " ran", "run it again", e);
    }
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
