package dev.chrysalis.recovery;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;

/// Errors of recovery, CHR-7xxx.
public final class RecoveryErrors {
  public static final ErrorCode NOTHING_TO_RECOVER = new ErrorCode(7001, Category.REFUSED);
  public static final ErrorCode NO_SUCH_SCENARIO = new ErrorCode(7002, Category.USAGE);
  public static final ErrorCode SCENARIO_DOES_NOT_FIT = new ErrorCode(7003, Category.REFUSED);
  public static final ErrorCode NEEDS_A_PERSON = new ErrorCode(7004, Category.REFUSED);
  public static final ErrorCode NOT_VERIFIED = new ErrorCode(7005, Category.VERIFICATION);
  public static final ErrorCode NO_REPORT = new ErrorCode(7006, Category.USAGE);
  public static final ErrorCode NO_TARGET = new ErrorCode(7007, Category.USAGE);
  public static final ErrorCode TARGET_DOES_NOT_FIT = new ErrorCode(7008, Category.USAGE);
  public static final ErrorCode BAD_COPY_NAME = new ErrorCode(7009, Category.USAGE);
  public static final ErrorCode DOES_NOT_RESTORE = new ErrorCode(7010, Category.DAMAGED);
  public static final ErrorCode NO_DUMPS = new ErrorCode(7011, Category.CONFIGURATION);
  public static final ErrorCode DUMP_DOES_NOT_FIT = new ErrorCode(7012, Category.REFUSED);
  public static final ErrorCode SERVICES_CHANGED = new ErrorCode(7013, Category.REFUSED);
  public static final ErrorCode WHICH_DATASTORE = new ErrorCode(7014, Category.USAGE);
  public static final ErrorCode NOBODY_TAKES_WRITES = new ErrorCode(7015, Category.REFUSED);
  public static final ErrorCode PRUNE_REFUSED = new ErrorCode(7030, Category.REFUSED);
  public static final ErrorCode IN_PLACE_DOES_NOT_FIT = new ErrorCode(7040, Category.USAGE);
  public static final ErrorCode NOTICE_NOT_READY = new ErrorCode(7050, Category.CONFIGURATION);
  public static final ErrorCode RUNBOOK_FOREIGN = new ErrorCode(7060, Category.REFUSED);
  public static final ErrorCode RUNBOOK_FOLDER = new ErrorCode(7061, Category.CONFIGURATION);
  public static final ErrorCode RUNBOOK_NO_MEMBERS = new ErrorCode(7062, Category.REFUSED);
  public static final ErrorCode RUNBOOK_OUTDATED = new ErrorCode(7063, Category.VERIFICATION);

  private RecoveryErrors() {}
}
