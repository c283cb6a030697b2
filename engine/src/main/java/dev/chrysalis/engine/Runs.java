package dev.chrysalis.engine;

import dev.chrysalis.model.RecordStore;
import java.util.Comparator;
import java.util.List;

/// The runs of a stack, as their journals tell.
public final class Runs {
  /// One run, whole.
  ///
  /// @param records in the order in which they were written, each with its time
  /// @param state what they add up to
  public record History(String run, List<JournalRecord> records, RunState state) {
    public History {
      records = List.copyOf(records);
    }
  }

  private final RecordStore records;

  public Runs(RecordStore records) {
    this.records = records;
  }

  /// The names of the stack's runs, the newest first.
  public List<String> list(String stack) {
    String prefix = RecordKeys.runs(stack);
    return records.keys(prefix).stream()
        .map(key -> key.substring(prefix.length()))
        .filter(rest -> rest.indexOf('/') > 0)
        .map(rest -> rest.substring(0, rest.indexOf('/')))
        .filter(RecordKeys::isRun)
        .distinct()
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /// The newest runs, each read whole: as many reads as they have records.
  public List<History> newest(String stack, int most) {
    return list(stack).stream().limit(most).map(run -> load(stack, run)).toList();
  }

  /// Throws `NO_SUCH_RUN`, or `JOURNAL_DAMAGED` where the journal does not make sense.
  public History load(String stack, String run) {
    List<JournalRecord> all = new Journal(records, stack, run).readAll();
    return new History(run, all, RunState.of(all));
  }
}
