package dev.chrysalis.engine;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import java.util.List;

/// Which of a stack's runs may begin or go on: plans build on what they found, so a run must not go
/// on after a later one changed the stack, and none begins while another is half done.
///
/// True for as long as the caller holds the stack's lease; without it, a first look only.
final class RunOrder {
  private final RecordStore records;
  private final String stack;

  RunOrder(RecordStore records, String stack) {
    this.records = records;
    this.stack = stack;
  }

  /// The newest run; empty where there is none.
  String newest() {
    List<String> all = new Runs(records).list(stack);
    return all.isEmpty() ? "" : all.getFirst();
  }

  /// Throws `RUN_OPEN` when the newest run can still go on, or cannot be read, and is not the one
  /// that shall be left as it is.
  void checkMayBegin(String newest, String left) {
    if (newest.isEmpty() || newest.equals(left)) {
      return;
    }
    RunState state = read(newest);
    if (!state.isOver()) {
      throw new ChrysalisException(
          EngineErrors.RUN_OPEN,
          "run %s (%s) of stack %s is not over: it is %s"
              .formatted(newest, state.plan().scenario(), stack, state.status()),
          waysOut(newest));
    }
  }

  /// Throws `RUN_SUPERSEDED` when a newer run was begun.
  void checkMayGoOn(String run) {
    String newest = newest();
    if (newest.compareTo(run) > 0) {
      throw new ChrysalisException(
          EngineErrors.RUN_SUPERSEDED,
          "run %s is not the newest run of stack %s: %s began after it"
              .formatted(run, stack, newest),
          "See `chrysalis runs`; `chrysalis recover` makes a new plan from what is there now.");
    }
  }

  private RunState read(String run) {
    try {
      return new Runs(records).load(stack, run).state();
    } catch (ChrysalisException e) {
      if (e.code().equals(EngineErrors.JOURNAL_DAMAGED)
          || e.code().equals(EngineErrors.JOURNAL_TOO_NEW)
          || e.code().equals(EngineErrors.NO_SUCH_RUN)) {
        throw new ChrysalisException(
            EngineErrors.RUN_OPEN,
            "run %s of stack %s may not be over: its journal cannot be read (%s)"
                .formatted(run, stack, e.getMessage()),
            waysOut(run),
            e);
      }
      throw e;
    }
  }

  private static String waysOut(String run) {
    return ("`chrysalis resume %1$s` goes on with it, `chrysalis abort %1$s` ends it; where it cannot"
            + " go on any more, `--leave %1$s` leaves it as it is.")
        .formatted(run);
  }
}
