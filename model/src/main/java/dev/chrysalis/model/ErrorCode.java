package dev.chrysalis.model;

import java.io.Serializable;

/// One kind of error: `CHR-4102`. Numbers are never reused. Each module lists its own in a class
/// `…Errors`: 1xxx command line and stack file, 2xxx engine, 3xxx platform, 4xxx vault, 5xxx
/// PostgreSQL, 6xxx agent, 7xxx recovery, 8xxx lab, 9xxx Redis, 10xxx Cassandra.
public record ErrorCode(int number, Category category) implements Serializable {
  public ErrorCode {
    if (number < 1000 || number > 99999) {
      throw new IllegalArgumentException("an error number has four or five digits: " + number);
    }
  }

  @Override
  public String toString() {
    return "CHR-" + number;
  }
}
