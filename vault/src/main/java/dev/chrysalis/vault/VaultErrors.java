package dev.chrysalis.vault;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;
import java.util.Set;

/// The vault's errors, CHR-4xxx.
public final class VaultErrors {
  public static final ErrorCode UNREACHABLE = new ErrorCode(4001, Category.VAULT);
  public static final ErrorCode TIMED_OUT = new ErrorCode(4002, Category.VAULT);
  public static final ErrorCode THROTTLED = new ErrorCode(4003, Category.VAULT);
  public static final ErrorCode NO_SPACE = new ErrorCode(4004, Category.SPACE);
  public static final ErrorCode ACCESS_DENIED = new ErrorCode(4005, Category.ACCESS);
  public static final ErrorCode BAD_KEY = new ErrorCode(4006, Category.INTERNAL);
  public static final ErrorCode BAD_LOCATION = new ErrorCode(4007, Category.CONFIGURATION);
  public static final ErrorCode BODY_UNREADABLE = new ErrorCode(4008, Category.VAULT);
  public static final ErrorCode INTERRUPTED = new ErrorCode(4009, Category.INTERRUPTED);
  public static final ErrorCode OBJECT_MISSING = new ErrorCode(4101, Category.DAMAGED);
  public static final ErrorCode SNAPSHOT_INCOMPLETE = new ErrorCode(4102, Category.DAMAGED);
  public static final ErrorCode OBJECT_DAMAGED = new ErrorCode(4103, Category.DAMAGED);
  public static final ErrorCode LOG_GAP = new ErrorCode(4104, Category.DAMAGED);
  public static final ErrorCode NO_SUCH_SNAPSHOT = new ErrorCode(4105, Category.USAGE);
  public static final ErrorCode WRONG_PASSPHRASE = new ErrorCode(4201, Category.ACCESS);
  public static final ErrorCode NO_VAULT = new ErrorCode(4202, Category.CONFIGURATION);
  public static final ErrorCode VAULT_EXISTS = new ErrorCode(4203, Category.REFUSED);
  public static final ErrorCode FORMAT_TOO_NEW = new ErrorCode(4204, Category.CONFIGURATION);
  public static final ErrorCode NO_PASSPHRASE = new ErrorCode(4205, Category.CONFIGURATION);
  public static final ErrorCode WRITER_CLOSED = new ErrorCode(4301, Category.VAULT);
  public static final ErrorCode SESSION_ABANDONED = new ErrorCode(4302, Category.VAULT);
  public static final ErrorCode OBJECT_LOCKED = new ErrorCode(4401, Category.REFUSED);
  public static final ErrorCode PRUNE_UNSAFE = new ErrorCode(4402, Category.DAMAGED);
  public static final ErrorCode OTHER_VAULT = new ErrorCode(4403, Category.REFUSED);
  public static final ErrorCode COPY_DIFFERS = new ErrorCode(4404, Category.DAMAGED);
  public static final ErrorCode CANNOT_LOCK = new ErrorCode(4405, Category.CONFIGURATION);
  public static final ErrorCode NOT_HELD = new ErrorCode(4406, Category.CONFIGURATION);

  private static final Set<ErrorCode> PASSING = Set.of(UNREACHABLE, TIMED_OUT, THROTTLED);

  private VaultErrors() {}

  /// Whether the same call may succeed a little later.
  public static boolean mayPass(ErrorCode code) {
    return PASSING.contains(code);
  }
}
