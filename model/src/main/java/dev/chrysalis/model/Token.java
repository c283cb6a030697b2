package dev.chrysalis.model;

/// A fencing token: the number of the lease under which a changing call is made. Whoever receives
/// such calls keeps the highest token that it saw and refuses lower ones.
public record Token(long value) implements Comparable<Token> {
  public Token {
    if (value < 1) {
      throw new IllegalArgumentException("a token is positive: " + value);
    }
  }

  @Override
  public int compareTo(Token other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
