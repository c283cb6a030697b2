package dev.chrysalis.cassandra;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.volume.VolumeTrouble;

/// The errors of Cassandra, CHR-10xxx.
public final class CassandraErrors {
  public static final ErrorCode UNREACHABLE = new ErrorCode(10001, Category.STORE);
  public static final ErrorCode REFUSED_LOGIN = new ErrorCode(10002, Category.ACCESS);
  public static final ErrorCode BAD_SETTING = new ErrorCode(10003, Category.CONFIGURATION);
  public static final ErrorCode UNSUPPORTED_VERSION = new ErrorCode(10004, Category.REFUSED);
  public static final ErrorCode COMMAND_FAILED = new ErrorCode(10005, Category.STORE);
  public static final ErrorCode INTERRUPTED = new ErrorCode(10006, Category.INTERRUPTED);
  public static final ErrorCode NO_RESTORE_POINT = new ErrorCode(10010, Category.DAMAGED);
  public static final ErrorCode NOT_IN_RING = new ErrorCode(10020, Category.REFUSED);
  public static final ErrorCode OTHER_DIRECTORIES = new ErrorCode(10021, Category.CONFIGURATION);
  public static final ErrorCode SNAPSHOT_GONE = new ErrorCode(10022, Category.STORE);
  public static final ErrorCode SITUATION_CHANGED = new ErrorCode(10023, Category.REFUSED);
  public static final ErrorCode NOT_EMPTY = new ErrorCode(10030, Category.REFUSED);
  public static final ErrorCode NODE_RUNNING = new ErrorCode(10031, Category.REFUSED);
  public static final ErrorCode NO_ROOM = new ErrorCode(10032, Category.SPACE);
  public static final ErrorCode VOLUME_FAILED = new ErrorCode(10033, Category.STORE);
  public static final ErrorCode STRANGE_PATH = new ErrorCode(10034, Category.DAMAGED);
  public static final ErrorCode OWN_TABLES_DAMAGED = new ErrorCode(10035, Category.DAMAGED);
  public static final ErrorCode LOG_UNREADABLE = new ErrorCode(10040, Category.STORE);
  public static final ErrorCode OUT_OF_WINDOW = new ErrorCode(10041, Category.REFUSED);
  public static final ErrorCode TABLES_CHANGED = new ErrorCode(10042, Category.REFUSED);

  public static final ErrorCode NO_LOADER = new ErrorCode(10050, Category.CONFIGURATION);
  public static final ErrorCode NO_SUCH_TABLES = new ErrorCode(10051, Category.REFUSED);
  public static final ErrorCode LOADER_FAILED = new ErrorCode(10052, Category.STORE);
  public static final ErrorCode ROWS_DIFFER = new ErrorCode(10053, Category.STORE);
  public static final ErrorCode NOT_COMPARED = new ErrorCode(10054, Category.STORE);
  public static final ErrorCode LOADER_UNABLE = new ErrorCode(10055, Category.STORE);
  public static final ErrorCode TABLE_UNREADABLE = new ErrorCode(10056, Category.DAMAGED);
  public static final ErrorCode LOG_UNUSABLE = new ErrorCode(10057, Category.DAMAGED);

  /// What trouble with a volume is called here.
  public static final VolumeTrouble VOLUME = new VolumeTrouble(NO_ROOM, VOLUME_FAILED);

  private CassandraErrors() {}
}
