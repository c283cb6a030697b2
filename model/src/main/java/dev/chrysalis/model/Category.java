package dev.chrysalis.model;

/// What kind of trouble an error is; each kind has one stable exit code of the command line.
public enum Category {
  USAGE(2),
  PARTIAL(3),
  CONFIGURATION(10),
  REFUSED(11),
  PLATFORM(12),
  VAULT(13),
  DAMAGED(14),
  LEASE(15),
  STEP(16),
  VERIFICATION(17),
  ACCESS(18),
  SPACE(19),
  STORE(20),
  INTERRUPTED(21),
  INTERNAL(70);

  private final int exitCode;

  Category(int exitCode) {
    this.exitCode = exitCode;
  }

  /// The exit code of a command that ends with an error of this kind.
  public int exitCode() {
    return exitCode;
  }
}
