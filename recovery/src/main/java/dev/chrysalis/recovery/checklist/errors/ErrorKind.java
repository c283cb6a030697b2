package dev.chrysalis.recovery.checklist.errors;

import dev.chrysalis.model.stack.Observability.ErrorBounds;

/// Errors that are counted.
public enum ErrorKind {
  REQUESTS("answers of 5xx"),
  LINES("lines with ERROR");

  private final String words;

  ErrorKind(String words) {
    this.words = words;
  }

  /// As people call them.
  public String words() {
    return words;
  }

  /// How many a minute are borne where nothing was seen before.
  int bound(ErrorBounds bounds) {
    return switch (this) {
      case REQUESTS -> bounds.requestsPerMinute();
      case LINES -> bounds.linesPerMinute();
    };
  }
}
