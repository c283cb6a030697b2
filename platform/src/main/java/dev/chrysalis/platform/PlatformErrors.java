package dev.chrysalis.platform;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;

/// The platform's errors, CHR-3xxx.
public final class PlatformErrors {
  public static final ErrorCode UNREACHABLE = new ErrorCode(3001, Category.PLATFORM);
  public static final ErrorCode NO_SUCH_WORKLOAD = new ErrorCode(3002, Category.PLATFORM);
  public static final ErrorCode NO_SUCH_MEMBER = new ErrorCode(3003, Category.PLATFORM);
  public static final ErrorCode STALE_TOKEN = new ErrorCode(3004, Category.LEASE);
  public static final ErrorCode NO_SUCH_REVISION = new ErrorCode(3005, Category.PLATFORM);
  public static final ErrorCode VOLUME_IN_USE = new ErrorCode(3006, Category.REFUSED);
  public static final ErrorCode NO_SUCH_ASIDE = new ErrorCode(3007, Category.REFUSED);
  public static final ErrorCode ASIDE_EXISTS = new ErrorCode(3008, Category.REFUSED);
  public static final ErrorCode BAD_SPECIFICATION = new ErrorCode(3009, Category.CONFIGURATION);
  public static final ErrorCode EXEC_FAILED = new ErrorCode(3010, Category.PLATFORM);
  public static final ErrorCode NOT_A_MARK = new ErrorCode(3011, Category.CONFIGURATION);
  public static final ErrorCode JOB_UNKNOWN = new ErrorCode(3101, Category.PLATFORM);
  public static final ErrorCode JOB_FAILED = new ErrorCode(3102, Category.STEP);

  private PlatformErrors() {}
}
