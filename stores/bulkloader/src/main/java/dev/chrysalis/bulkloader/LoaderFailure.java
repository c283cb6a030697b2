package dev.chrysalis.bulkloader;

/// Something that the loader was asked for cannot be done; its message is for the user.
final class LoaderFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LoaderFailure(String message) {
    super(message);
  }

  LoaderFailure(String message, Throwable cause) {
    super(message + ": " + rootOf(cause), cause);
  }

  /// What is at the bottom of it, since Cassandra wraps failures without saying more.
  private static String rootOf(Throwable cause) {
    Throwable root = cause;
    for (Throwable next = cause.getCause(); next != null; next = next.getCause()) {
      root = next;
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }
}
