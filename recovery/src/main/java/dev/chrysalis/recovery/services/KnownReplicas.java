package dev.chrysalis.recovery.services;

import java.time.Instant;

/// How many members a service has while all is well, and who says so: what to go back to where it
/// was scaled away.
public sealed interface KnownReplicas {
  /// How many; 0 where nobody knows.
  int count();

  /// Who says so, after "as": `declared`.
  String source();

  /// One clause for a person.
  String text();

  /// The stack file says so, which counts for more than what was seen.
  record Declared(int count) implements KnownReplicas {
    public Declared {
      requireSome(count);
    }

    @Override
    public String source() {
      return "declared";
    }

    @Override
    public String text() {
      return count + (count == 1 ? " is declared" : " are declared");
    }
  }

  /// As many ran when the whole service was last seen well.
  record Seen(int count, Instant at) implements KnownReplicas {
    public Seen {
      requireSome(count);
    }

    @Override
    public String source() {
      return "seen on " + at;
    }

    @Override
    public String text() {
      return count + (count == 1 ? " was seen on " : " were seen on ") + at;
    }
  }

  /// None are declared, and nobody saw the service well, or nobody had to be asked: it runs.
  record Unknown() implements KnownReplicas {
    @Override
    public int count() {
      return 0;
    }

    @Override
    public String source() {
      return "nobody knows";
    }

    @Override
    public String text() {
      return "nobody saw how many it had; declare `replicas` of it in the stack file";
    }
  }

  private static void requireSome(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("no number to go back to: " + count);
    }
  }
}
