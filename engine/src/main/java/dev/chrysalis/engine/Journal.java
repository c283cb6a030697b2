package dev.chrysalis.engine;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The durable record of one run: `runs/STACK/RUN/00000001` and on, each created once.
///
/// Who writes number n has read all numbers below it, so what it says was true when it was written:
/// of two writers the second finds the first one's record in its place and has to read it before it
/// can go on. A controller that lost its lease therefore cannot write behind the back of the one
/// that took over. Not safe for many threads.
final class Journal {
  private final RecordStore records;
  private final String stack;
  private final String run;
  private long next = 1;

  Journal(RecordStore records, String stack, String run) {
    this.records = records;
    this.stack = stack;
    this.run = run;
  }

  String stack() {
    return stack;
  }

  String run() {
    return run;
  }

  /// Reads a journal from its beginning; throws `NO_SUCH_RUN` where there is none.
  List<JournalRecord> readAll() {
    List<JournalRecord> found = new ArrayList<>();
    for (Optional<JournalRecord> one = readNext(); one.isPresent(); one = readNext()) {
      found.add(one.get());
    }
    if (found.isEmpty()) {
      throw new ChrysalisException(
          EngineErrors.NO_SUCH_RUN,
          "stack " + stack + " has no run " + run,
          "`chrysalis runs` lists the runs.");
    }
    long count = records.keys(RecordKeys.run(stack, run)).size();
    if (count > next - 1 && records.read(RecordKeys.entry(stack, run, next)).isEmpty()) {
      throw new ChrysalisException(
          EngineErrors.JOURNAL_DAMAGED,
          "record " + next + " of run " + run + " is missing, later ones are there",
          "Do not resume this run; `chrysalis assess` shows what is left to do.");
    }
    return found;
  }

  /// Writes the record under the next number. Empty when it stands there now; else the record that
  /// another writer put there, after which this one can be tried again. When the store's error
  /// leaves the outcome open, the same record must be tried again.
  Optional<JournalRecord> append(JournalRecord journaled) {
    String key = RecordKeys.entry(stack, run, next);
    byte[] body = JournalCodec.encode(journaled);
    if (records.create(key, body)) {
      next++;
      return Optional.empty();
    }
    byte[] there = records.read(key).orElseThrow(() -> vanished(key));
    Optional<JournalRecord> other =
        Arrays.equals(there, body)
            ? Optional.empty()
            : Optional.of(JournalCodec.decode(key, there));
    next++;
    return other;
  }

  /// Reads the next record, if it was written already. Use it before anything else is called: it is
  /// given once.
  Optional<JournalRecord> readNext() {
    String key = RecordKeys.entry(stack, run, next);
    Optional<JournalRecord> found = records.read(key).map(body -> JournalCodec.decode(key, body));
    if (found.isPresent()) {
      next++;
    }
    return found;
  }

  private static ChrysalisException vanished(String key) {
    return new ChrysalisException(
        EngineErrors.JOURNAL_DAMAGED,
        "the journal record " + key + " stood there and is gone",
        "Was something deleted from the vault? `chrysalis check` looks.");
  }
}
