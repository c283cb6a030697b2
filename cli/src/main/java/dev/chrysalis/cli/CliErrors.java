package dev.chrysalis.cli;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;

/// The command line's own errors, CHR-10xx. 1001 to 1003 are those of the shell scripts.
public final class CliErrors {
  public static final ErrorCode BAD_USAGE = new ErrorCode(1004, Category.USAGE);
  public static final ErrorCode NO_STACK_FILE = new ErrorCode(1005, Category.CONFIGURATION);
  public static final ErrorCode NOT_APPROVED = new ErrorCode(1006, Category.REFUSED);
  public static final ErrorCode NO_SUCH_DATASTORE = new ErrorCode(1007, Category.USAGE);
  public static final ErrorCode NOT_BUILT = new ErrorCode(1008, Category.CONFIGURATION);
  public static final ErrorCode CANNOT_WRITE = new ErrorCode(1009, Category.CONFIGURATION);
  public static final ErrorCode NO_KEEP_POLICY = new ErrorCode(1010, Category.CONFIGURATION);
  public static final ErrorCode RUN_NOT_OVER = new ErrorCode(1011, Category.REFUSED);

  private CliErrors() {}
}
