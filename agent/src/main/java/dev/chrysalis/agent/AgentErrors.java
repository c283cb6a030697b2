package dev.chrysalis.agent;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;

/// The agent's errors, CHR-6xxx.
public final class AgentErrors {
  public static final ErrorCode BAD_COMMAND = new ErrorCode(6001, Category.USAGE);
  public static final ErrorCode NOT_A_TASK = new ErrorCode(6002, Category.USAGE);
  public static final ErrorCode NO_SUCH_JOB = new ErrorCode(6003, Category.USAGE);
  public static final ErrorCode JOB_LOST = new ErrorCode(6004, Category.INTERRUPTED);
  public static final ErrorCode JOB_DIFFERS = new ErrorCode(6005, Category.REFUSED);
  public static final ErrorCode JOB_NOT_STARTED = new ErrorCode(6006, Category.PLATFORM);
  public static final ErrorCode CANCELLED = new ErrorCode(6007, Category.INTERRUPTED);
  public static final ErrorCode TERMINATED = new ErrorCode(6008, Category.INTERRUPTED);
  public static final ErrorCode CANCEL_FAILED = new ErrorCode(6009, Category.PLATFORM);
  public static final ErrorCode MISSING_SETTING = new ErrorCode(6010, Category.CONFIGURATION);
  public static final ErrorCode SPOOL_FAILED = new ErrorCode(6011, Category.PLATFORM);
  public static final ErrorCode SPOOL_FULL = new ErrorCode(6012, Category.SPACE);
  public static final ErrorCode SPOOL_BUSY = new ErrorCode(6013, Category.PLATFORM);
  public static final ErrorCode NOT_REACHED = new ErrorCode(6014, Category.STORE);
  public static final ErrorCode UNEXPECTED = new ErrorCode(6099, Category.INTERNAL);

  private AgentErrors() {}
}
