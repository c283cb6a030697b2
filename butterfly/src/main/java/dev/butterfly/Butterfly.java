package dev.butterfly;

import org.springframework.boot.SpringApplication;

/// One service of BUTTERFLY. Which one, `BUTTERFLY_ROLE` says; where it listens, `SERVER_ADDRESS`
/// (and `SERVER_PORT`, 8080 by default). Ends with exit code 2 when the role is not known.
public final class Butterfly {
  private Butterfly() {}

  /// Starts the service; command-line arguments are Spring Boot's.
  public static void main(String[] arguments) {
    Role role;
    try {
      role = Role.named(System.getenv().getOrDefault("BUTTERFLY_ROLE", ""));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    new SpringApplication(role.configuration()).run(arguments);
  }
}
