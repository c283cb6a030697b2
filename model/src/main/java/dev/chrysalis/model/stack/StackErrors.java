package dev.chrysalis.model.stack;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;

/// The stack file's errors, CHR-11xx.
public final class StackErrors {
  public static final ErrorCode NO_FILE = new ErrorCode(1101, Category.CONFIGURATION);
  public static final ErrorCode NOT_YAML = new ErrorCode(1102, Category.CONFIGURATION);
  public static final ErrorCode UNKNOWN_KEY = new ErrorCode(1103, Category.CONFIGURATION);
  public static final ErrorCode BAD_VALUE = new ErrorCode(1104, Category.CONFIGURATION);
  public static final ErrorCode MISSING_KEY = new ErrorCode(1105, Category.CONFIGURATION);
  public static final ErrorCode BAD_REFERENCE = new ErrorCode(1106, Category.CONFIGURATION);

  private StackErrors() {}
}
