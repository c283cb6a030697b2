package dev.chrysalis.postgres;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.volume.VolumeTrouble;

/// PostgreSQL's errors, CHR-5xxx.
public final class PostgresErrors {
  public static final ErrorCode UNREACHABLE = new ErrorCode(5001, Category.STORE);
  public static final ErrorCode REFUSED_LOGIN = new ErrorCode(5002, Category.ACCESS);
  public static final ErrorCode NOT_A_DATA_DIRECTORY = new ErrorCode(5003, Category.CONFIGURATION);
  public static final ErrorCode UNSUPPORTED_VERSION = new ErrorCode(5004, Category.CONFIGURATION);
  public static final ErrorCode BACKUP_FAILED = new ErrorCode(5005, Category.STORE);
  public static final ErrorCode PAGE_DAMAGED = new ErrorCode(5006, Category.DAMAGED);
  public static final ErrorCode PROMOTED_MEANWHILE = new ErrorCode(5007, Category.STORE);
  public static final ErrorCode NOT_EMPTY = new ErrorCode(5008, Category.REFUSED);
  public static final ErrorCode SERVER_RUNNING = new ErrorCode(5009, Category.REFUSED);
  public static final ErrorCode NO_RESTORE_POINT = new ErrorCode(5010, Category.DAMAGED);
  public static final ErrorCode WAL_MISSING = new ErrorCode(5011, Category.DAMAGED);
  public static final ErrorCode WAL_DAMAGED = new ErrorCode(5012, Category.DAMAGED);
  public static final ErrorCode TIMELINE_CONFLICT = new ErrorCode(5013, Category.STORE);
  public static final ErrorCode SLOT_LOST = new ErrorCode(5014, Category.STORE);
  public static final ErrorCode OTHER_CLUSTER = new ErrorCode(5015, Category.REFUSED);
  public static final ErrorCode NO_ROOM = new ErrorCode(5016, Category.SPACE);
  public static final ErrorCode RECOVERY_STOPPED = new ErrorCode(5017, Category.STORE);
  public static final ErrorCode NOT_COVERED = new ErrorCode(5018, Category.STORE);
  public static final ErrorCode BAD_SETTING = new ErrorCode(5019, Category.CONFIGURATION);
  public static final ErrorCode VOLUME_FAILED = new ErrorCode(5020, Category.STORE);
  public static final ErrorCode INTERRUPTED = new ErrorCode(5021, Category.INTERRUPTED);

  public static final ErrorCode SPLIT_BRAIN = new ErrorCode(5022, Category.REFUSED);
  public static final ErrorCode SITUATION_CHANGED = new ErrorCode(5023, Category.REFUSED);

  public static final ErrorCode OUT_OF_WINDOW = new ErrorCode(5030, Category.REFUSED);
  public static final ErrorCode NO_SUCH_TARGET = new ErrorCode(5031, Category.REFUSED);
  public static final ErrorCode NO_SUCH_DUMP = new ErrorCode(5032, Category.REFUSED);
  public static final ErrorCode DUMP_UNUSABLE = new ErrorCode(5033, Category.DAMAGED);
  public static final ErrorCode DUMP_FAILED = new ErrorCode(5034, Category.STORE);
  public static final ErrorCode NO_SERVER_PROGRAMS = new ErrorCode(5035, Category.CONFIGURATION);
  public static final ErrorCode UNDECLARED_ROLE = new ErrorCode(5036, Category.CONFIGURATION);
  public static final ErrorCode NO_WAY_BACK = new ErrorCode(5040, Category.REFUSED);
  public static final ErrorCode UNDO_DAMAGED = new ErrorCode(5041, Category.DAMAGED);

  /// What trouble with a volume is called here.
  public static final VolumeTrouble VOLUME = new VolumeTrouble(NO_ROOM, VOLUME_FAILED);

  private PostgresErrors() {}
}
