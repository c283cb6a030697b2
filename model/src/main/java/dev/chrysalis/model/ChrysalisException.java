package dev.chrysalis.model;

import org.jspecify.annotations.Nullable;

/// The one exception of Chrysalis. The message says what failed and on what, the hint what to do
/// next. Neither ever holds a secret.
public final class ChrysalisException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String hint;

  public ChrysalisException(ErrorCode code, String message, String hint) {
    this(code, message, hint, null);
  }

  public ChrysalisException(
      ErrorCode code, String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.hint = hint;
  }

  public ErrorCode code() {
    return code;
  }

  /// What the reader can do next; never empty.
  public String hint() {
    return hint;
  }
}
