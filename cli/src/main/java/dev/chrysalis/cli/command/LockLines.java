package dev.chrysalis.cli.command;

import dev.chrysalis.cli.command.CheckCommand.Line;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.KeepPolicy;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.lock.LockProof;
import dev.chrysalis.vault.s3.Backends;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `check` says of the vault's lock: what the location declares, against what the bucket says
/// and what its first object shows.
final class LockLines {
  /// Rounds of `protect` never leave less than three eighths of a lock.
  private static final int LATE = 4;

  private LockLines() {}

  /// Nothing for a directory, which has no locks.
  static List<Line> of(Stack stack, Instant now) {
    try {
      Optional<ObjectLocks> found = Backends.locks(VaultLocation.parse(stack.vault().location()));
      if (found.isEmpty()) {
        return List.of();
      }
      try (ObjectLocks locks = found.get()) {
        return of(stack, locks, now);
      }
    } catch (ChrysalisException e) {
      return List.of(failed(e));
    }
  }

  static List<Line> of(Stack stack, ObjectLocks locks, Instant now) {
    Optional<ObjectLock> declared = locks.declared();
    if (declared.isEmpty()) {
      return List.of(new Line("lock", true, undeclared(locks)));
    }
    List<Line> lines = new ArrayList<>();
    lines.add(held(declared.get(), locks, now));
    for (Datastore store : stack.datastores().values()) {
      store
          .backup()
          .keep()
          .map(KeepPolicy::within)
          .ifPresent(within -> {
            if (Duration.ofDays(declared.get().days()).compareTo(within) < 0) {
              lines.add(new Line("lock", true, shorter(store, declared.get(), within)));
            }
          });
    }
    return lines;
  }

  private static Line held(ObjectLock lock, ObjectLocks locks, Instant now) {
    try {
      LockProof.requireLocking(locks);
      Instant until = LockProof.firstObject(locks).orElse(Instant.MIN);
      if (until.isBefore(now.plus(Duration.ofDays(lock.days()).dividedBy(LATE)))) {
        return new Line(
            "lock",
            false,
            "%s, and the vault's first object is held until %s only: nobody extends the locks; keep"
                    .formatted(lock, until)
                + " chrysalis protect running, or run chrysalis vault lock now");
      }
      return new Line("lock", true, lock + ", the vault's first object is held until " + until);
    } catch (ChrysalisException e) {
      return failed(e);
    }
  }

  private static Line failed(ChrysalisException e) {
    if (e.code().category() == Category.INTERRUPTED) {
      throw e;
    }
    return new Line("lock", false, e.code() + ": " + e.getMessage() + "; " + e.hint());
  }

  private static String undeclared(ObjectLocks locks) {
    try {
      return locks
          .place()
          .retention()
          .map(retention ->
              "none declared, though the bucket holds every new object (%s): nothing extends that;"
                      .formatted(retention)
                  + " declare it with lock=… in vault.location")
          .orElse("none declared: who may delete can empty the vault (lock=… in vault.location)");
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      return "none declared, and the bucket does not say what it does: " + e.getMessage();
    }
  }

  private static String shorter(Datastore store, ObjectLock lock, Duration within) {
    return "%s is shorter than the restore window of %s (%s): should nobody extend it, parts of the"
            .formatted(lock, store.name(), Durations.show(within))
        + " window can be deleted";
  }
}
