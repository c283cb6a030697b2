package dev.butterfly.shelf;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/// What a lab does with the ring as its superuser, as a program of its own: prints one line and
/// ends with 0, or with 1.
final class LabTask {
  private LabTask() {}

  static void run(Class<?> task, Function<Map<String, String>, String> work) {
    try {
      System.out.println(work.apply(System.getenv()));
      System.out.flush();
      System.exit(0);
    } catch (RuntimeException e) {
      System.err.println(task.getSimpleName() + ": " + e.getMessage());
      System.exit(1);
    }
  }

  static ContactPoints points(Map<String, String> variables) {
    return ContactPoints.of(
        name -> required(variables, name),
        variables.getOrDefault("CASSANDRA_DATACENTER", Shelves.DATACENTER),
        Shelves.USER);
  }

  static Path administrator(Map<String, String> variables) {
    return Path.of(required(variables, "CASSANDRA_ADMINISTRATOR_PASSWORD_FILE"));
  }

  private static String required(Map<String, String> variables, String name) {
    String value = variables.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("set " + name);
    }
    return value;
  }
}
