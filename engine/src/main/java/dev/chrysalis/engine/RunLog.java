package dev.chrysalis.engine;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A run's journal and state in the hands of the controller that holds the lease. Safe for many
/// threads: entries are written one after another.
///
/// To write an entry:
///
/// 1. The lease must count; else `LEASE_LOST`.
/// 2. The tables, and the caller's own condition, must allow the entry in the state known so far.
/// 3. It is created under the next number. Where a person's decision stands there already, that is
///    folded in first and the entry is judged again; where the record of a controller with a higher
///    token stands there, the lease is lost.
/// 4. A store that does not answer is asked again, with the same bytes, for as long as the lease
///    counts.
/// 5. Observers are told after the lock was left.
///
/// Kept: an entry stands in the journal only if it was allowed by everything before it. Every
/// record that was read is folded in, or it is the last one that was read: what stops one thread (a
/// higher token, damage) stops all of them, with the same error. A journal is called damaged only
/// by a controller whose lease counts.
final class RunLog {
  private record Told(JournalRecord written, RunState after) {}

  private final Journal journal;
  private final Lease lease;
  private final Transitions transitions;
  private final RunObserver observer;
  private final Surroundings surroundings;
  private final Duration storePause;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile RunState state;
  private volatile @Nullable ChrysalisException stopped;

  RunLog(
      Journal journal,
      RunState state,
      Lease lease,
      Transitions transitions,
      RunObserver observer,
      Surroundings surroundings,
      Duration storePause) {
    this.journal = journal;
    this.state = state;
    this.lease = lease;
    this.transitions = transitions;
    this.observer = observer;
    this.surroundings = surroundings;
    this.storePause = storePause;
  }

  RunState state() {
    return state;
  }

  String run() {
    return journal.run();
  }

  /// The token for changing calls; throws when this controller may not go on.
  Token token() {
    ChrysalisException why = stopped;
    if (why != null) {
      throw why;
    }
    return lease.token();
  }

  RunObserver observer() {
    return observer;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /// Writes the entry; false when a person's abort came before it and forbids it.
  boolean append(JournalEntry entry) {
    return append(now -> true, entry);
  }

  /// As `append`, false also when the condition does not hold.
  boolean append(Predicate<RunState> condition, JournalEntry entry) {
    List<Told> told = new ArrayList<>();
    writing.lock();
    try {
      return write(condition, entry, told);
    } finally {
      writing.unlock();
      tell(told);
    }
  }

  /// Takes the run over: whatever an earlier controller still wrote is folded in first. Throws
  /// `RUN_ENDED` when that was the end.
  void attach(Holder holder) {
    catchUp();
    if (!append(now -> !now.isOver(), new JournalEntry.ControllerAttached(holder))) {
      throw Runner.ended(run(), state);
    }
  }

  /// Reads what people decided meanwhile.
  void catchUp() {
    List<Told> told = new ArrayList<>();
    writing.lock();
    try {
      token();
      for (Optional<JournalRecord> found = readNext(); found.isPresent(); found = readNext()) {
        fold(found.get(), told);
      }
    } finally {
      writing.unlock();
      tell(told);
    }
  }

  private boolean write(Predicate<RunState> condition, JournalEntry entry, List<Told> told) {
    checkNobodyTookOver(state.token());
    JournalRecord written =
        new JournalRecord(
            surroundings.clock().instant(), token().value(), surroundings.nonce(), entry);
    while (true) {
      if (!condition.test(state)) {
        return false;
      }
      if (!state.allows(written)) {
        if (state.status() == RunStatus.ABORTING) {
          return false;
        }
        throw stop(
            Transitions.damaged(entry + " cannot be written while the run is " + state.status()));
      }
      Optional<JournalRecord> other = create(written);
      if (other.isEmpty()) {
        fold(written, told);
        return true;
      }
      fold(other.get(), told);
    }
  }

  private Optional<JournalRecord> readNext() {
    try {
      return journal.readNext();
    } catch (ChrysalisException e) {
      throw e.code().category() == Category.VAULT ? e : stop(e);
    }
  }

  private void fold(JournalRecord found, List<Told> told) {
    checkNobodyTookOver(found.token());
    try {
      state = state.after(found, transitions);
    } catch (ChrysalisException e) {
      throw stop(e);
    }
    told.add(new Told(found, state));
  }

  private void checkNobodyTookOver(long token) {
    if (token > lease.number()) {
      throw stop(
          new ChrysalisException(
              EngineErrors.LEASE_LOST,
              "another controller (token " + token + ") took run " + run() + " over",
              "Watch it there; this one changes nothing any more."));
    }
  }

  /// After damage or a higher token, what is known of the journal and what stands in it differ, so
  /// that nobody may write any more. Without a lease that counts, damage says nothing of the
  /// journal. Other errors stop only who met them.
  private ChrysalisException stop(ChrysalisException why) {
    ChrysalisException before = stopped;
    if (before != null) {
      return before;
    }
    boolean damage =
        why.code().equals(EngineErrors.JOURNAL_DAMAGED)
            || why.code().equals(EngineErrors.JOURNAL_TOO_NEW);
    if (damage) {
      stopped = lostRatherThan(why);
    } else if (why.code().equals(EngineErrors.LEASE_LOST)) {
      stopped = why;
    }
    ChrysalisException now = stopped;
    return now == null ? why : now;
  }

  private ChrysalisException lostRatherThan(ChrysalisException damage) {
    try {
      lease.token();
      return damage;
    } catch (ChrysalisException lost) {
      lost.addSuppressed(damage);
      return lost;
    }
  }

  private Optional<JournalRecord> create(JournalRecord written) {
    ChrysalisException trouble = null;
    while (true) {
      try {
        token();
        return journal.append(written);
      } catch (ChrysalisException e) {
        if (e.code().category() != Category.VAULT) {
          if (trouble != null) {
            e.addSuppressed(trouble);
          }
          throw stop(e);
        }
        trouble = e;
      }
      pause();
    }
  }

  private void pause() {
    try {
      surroundings.ticker().pause(storePause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interruption(e);
    }
  }

  /// The error for who catches an interruption; the flag is theirs to set again.
  static ChrysalisException interruption(InterruptedException cause) {
    return new ChrysalisException(
        EngineErrors.INTERRUPTED,
        "the run was interrupted",
        "`chrysalis resume` goes on where it stopped.",
        cause);
  }

  private void tell(List<Told> told) {
    told.forEach(one -> observer.journaled(one.written(), one.after()));
  }
}
