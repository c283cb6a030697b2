package dev.chrysalis.lab;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;

/// The lab's errors, CHR-8xxx.
public final class LabErrors {
  public static final ErrorCode NOT_A_LAB = new ErrorCode(8001, Category.REFUSED);
  public static final ErrorCode ALREADY_UP = new ErrorCode(8002, Category.REFUSED);
  public static final ErrorCode NOT_UP = new ErrorCode(8003, Category.REFUSED);
  public static final ErrorCode NO_SERVER_ARCHIVE = new ErrorCode(8004, Category.CONFIGURATION);
  public static final ErrorCode NO_NETWORK = new ErrorCode(8005, Category.PLATFORM);
  public static final ErrorCode COMMAND_FAILED = new ErrorCode(8006, Category.STORE);
  public static final ErrorCode NOT_READY = new ErrorCode(8007, Category.PLATFORM);
  public static final ErrorCode FAULT_FAILED = new ErrorCode(8008, Category.STEP);
  public static final ErrorCode FILES = new ErrorCode(8009, Category.ACCESS);
  public static final ErrorCode LEDGER = new ErrorCode(8010, Category.VERIFICATION);
  public static final ErrorCode SERVICE = new ErrorCode(8011, Category.PLATFORM);
  public static final ErrorCode INTERRUPTED = new ErrorCode(8012, Category.INTERRUPTED);
  public static final ErrorCode IN_USE = new ErrorCode(8020, Category.REFUSED);
  public static final ErrorCode NO_SUCH_SERVICE = new ErrorCode(8021, Category.USAGE);

  public static final ErrorCode NO_SUCH_STORE = new ErrorCode(8022, Category.USAGE);
  public static final ErrorCode NO_JDK = new ErrorCode(8023, Category.CONFIGURATION);

  private LabErrors() {}
}
