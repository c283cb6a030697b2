package dev.chrysalis.redis;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.volume.VolumeTrouble;

/// The errors of Redis, CHR-9xxx.
public final class RedisErrors {
  public static final ErrorCode UNREACHABLE = new ErrorCode(9001, Category.STORE);
  public static final ErrorCode REFUSED_LOGIN = new ErrorCode(9002, Category.ACCESS);
  public static final ErrorCode NO_RESTORE_POINT = new ErrorCode(9010, Category.DAMAGED);
  public static final ErrorCode OUT_OF_WINDOW = new ErrorCode(9020, Category.REFUSED);
  public static final ErrorCode AOF_DAMAGED = new ErrorCode(9021, Category.DAMAGED);
  public static final ErrorCode AOF_UNREADABLE = new ErrorCode(9022, Category.STORE);
  public static final ErrorCode NOT_MASTER = new ErrorCode(9023, Category.REFUSED);
  public static final ErrorCode BASE_FAILED = new ErrorCode(9024, Category.STORE);
  public static final ErrorCode NOT_COVERED = new ErrorCode(9025, Category.STORE);
  public static final ErrorCode RDB_DAMAGED = new ErrorCode(9026, Category.DAMAGED);
  public static final ErrorCode INTERRUPTED = new ErrorCode(9027, Category.INTERRUPTED);
  public static final ErrorCode NOT_EMPTY = new ErrorCode(9030, Category.REFUSED);
  public static final ErrorCode SERVER_RUNNING = new ErrorCode(9031, Category.REFUSED);
  public static final ErrorCode NO_ROOM = new ErrorCode(9032, Category.SPACE);
  public static final ErrorCode NEWER_VERSION = new ErrorCode(9033, Category.REFUSED);
  public static final ErrorCode NO_SUCH_DUMP = new ErrorCode(9034, Category.REFUSED);
  public static final ErrorCode NO_SERVER_PROGRAMS = new ErrorCode(9035, Category.CONFIGURATION);
  public static final ErrorCode SCRATCH_FAILED = new ErrorCode(9036, Category.STORE);
  public static final ErrorCode KEYS_NOT_RESTORED = new ErrorCode(9037, Category.STORE);
  public static final ErrorCode DOES_NOT_LOAD = new ErrorCode(9038, Category.DAMAGED);
  public static final ErrorCode BAD_SETTING = new ErrorCode(9040, Category.CONFIGURATION);
  public static final ErrorCode COMMAND_FAILED = new ErrorCode(9041, Category.STORE);
  public static final ErrorCode NO_FAILOVER = new ErrorCode(9042, Category.STORE);
  public static final ErrorCode NOTHING_TO_LEAD_WITH = new ErrorCode(9043, Category.REFUSED);
  public static final ErrorCode VOLUME_FAILED = new ErrorCode(9044, Category.STORE);
  public static final ErrorCode SITUATION_CHANGED = new ErrorCode(9050, Category.REFUSED);
  public static final ErrorCode NO_FIT_REPLICA = new ErrorCode(9051, Category.REFUSED);
  public static final ErrorCode EMPTY_LEADER = new ErrorCode(9052, Category.REFUSED);
  public static final ErrorCode NO_ROOM_TO_RESTORE = new ErrorCode(9053, Category.SPACE);

  /// What trouble with a volume is called here.
  public static final VolumeTrouble VOLUME = new VolumeTrouble(NO_ROOM, VOLUME_FAILED);

  private RedisErrors() {}
}
