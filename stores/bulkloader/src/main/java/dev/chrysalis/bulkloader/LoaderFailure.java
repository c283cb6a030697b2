package dev.chrysalis.bulkloader;

import java.nio.file.FileSystemException;
import org.apache.cassandra.io.FSError;

/// Something that the loader was asked for cannot be done; its message is for the user.
final class LoaderFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean ofTheMachine;

  LoaderFailure(String message) {
    this(message, false);
  }

  private LoaderFailure(String message, boolean ofTheMachine) {
    super(message);
    this.ofTheMachine = ofTheMachine;
  }

  LoaderFailure(String message, Throwable cause) {
    super(message + ": " + messageOf(rootOf(cause)), cause);
    this.ofTheMachine = isOfTheMachine(cause);
  }

  /// One that says nothing of the data: trouble of this machine, or a limit of this program.
  static LoaderFailure ofTheMachine(String message) {
    return new LoaderFailure(message, true);
  }

  boolean isOfTheMachine() {
    return ofTheMachine;
  }

  private static boolean isOfTheMachine(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof FSError
          || each instanceof VirtualMachineError
          || each instanceof LinkageError
          || each instanceof FileSystemException
          || String.valueOf(each.getMessage()).contains("No space left on device")) {
        return true;
      }
    }
    return false;
  }

  /// What is at the bottom of it, since Cassandra wraps failures without saying more.
  static Throwable rootOf(Throwable cause) {
    Throwable root = cause;
    for (Throwable next = cause.getCause(); next != null; next = next.getCause()) {
      root = next;
    }
    return root;
  }

  private static String messageOf(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
