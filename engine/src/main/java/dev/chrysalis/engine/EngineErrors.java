package dev.chrysalis.engine;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ErrorCode;

/// The engine's errors, CHR-2xxx.
public final class EngineErrors {
  public static final ErrorCode BAD_PLAN = new ErrorCode(2001, Category.INTERNAL);
  public static final ErrorCode UNKNOWN_ACTION = new ErrorCode(2002, Category.CONFIGURATION);
  public static final ErrorCode STEP_FAILED = new ErrorCode(2003, Category.STEP);
  public static final ErrorCode STEP_TIMED_OUT = new ErrorCode(2004, Category.STEP);
  public static final ErrorCode OUTCOME_UNKNOWN = new ErrorCode(2005, Category.STEP);
  public static final ErrorCode AWAITING_APPROVAL = new ErrorCode(2006, Category.REFUSED);
  public static final ErrorCode NO_SUCH_RUN = new ErrorCode(2007, Category.USAGE);
  public static final ErrorCode NO_SUCH_STEP = new ErrorCode(2008, Category.USAGE);
  public static final ErrorCode RUN_ENDED = new ErrorCode(2009, Category.REFUSED);
  public static final ErrorCode ABORT_REFUSED = new ErrorCode(2010, Category.REFUSED);
  public static final ErrorCode NOT_ASKED = new ErrorCode(2011, Category.REFUSED);
  public static final ErrorCode GIVE_BACK_FAILED = new ErrorCode(2012, Category.STEP);
  public static final ErrorCode RUN_OPEN = new ErrorCode(2013, Category.REFUSED);
  public static final ErrorCode RUN_SUPERSEDED = new ErrorCode(2014, Category.REFUSED);
  public static final ErrorCode LEASE_HELD = new ErrorCode(2101, Category.LEASE);
  public static final ErrorCode LEASE_LOST = new ErrorCode(2102, Category.LEASE);
  public static final ErrorCode JOURNAL_DAMAGED = new ErrorCode(2201, Category.DAMAGED);
  public static final ErrorCode JOURNAL_TOO_NEW = new ErrorCode(2202, Category.CONFIGURATION);
  public static final ErrorCode INTERRUPTED = new ErrorCode(2301, Category.INTERRUPTED);

  private EngineErrors() {}
}
