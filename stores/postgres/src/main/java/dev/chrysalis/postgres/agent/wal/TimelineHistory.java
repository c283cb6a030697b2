package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A timeline and those that it came from, as its `.history` file says.
///
/// @param ancestors oldest first, each with the position at which the next one left it
/// @param text the file itself; empty for timeline 1, which has none
public record TimelineHistory(int timeline, List<Ancestor> ancestors, String text) {
  public TimelineHistory {
    if (timeline < 1) {
      throw new IllegalArgumentException("not a timeline: " + timeline);
    }
    ancestors = List.copyOf(ancestors);
  }

  /// @param end the switch point: the first position that is not this timeline's any more
  public record Ancestor(int timeline, Lsn end) {}

  /// The history of a timeline that came from none.
  public static TimelineHistory first(int timeline) {
    return new TimelineHistory(timeline, List.of(), "");
  }

  /// Reads a history file; `WAL_DAMAGED` where it is none.
  public static TimelineHistory parse(int timeline, String text) {
    List<Ancestor> ancestors = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.split("\\s+", 3);
      try {
        int ancestor = Integer.parseInt(fields[0]);
        int before = ancestors.isEmpty() ? 0 : ancestors.getLast().timeline();
        if (fields.length < 2 || ancestor <= before || ancestor >= timeline) {
          throw damaged(timeline, line);
        }
        ancestors.add(new Ancestor(ancestor, Lsn.parse(fields[1])));
      } catch (IllegalArgumentException e) {
        throw damaged(timeline, line);
      }
    }
    return new TimelineHistory(timeline, ancestors, text);
  }

  public static String fileName(int timeline) {
    return "%08X.history".formatted(timeline);
  }

  /// The timeline that this one came from, and where.
  public Optional<Ancestor> parent() {
    return ancestors.isEmpty() ? Optional.empty() : Optional.of(ancestors.getLast());
  }

  /// Whether a timeline is this one or one that it came from.
  public boolean includes(int other) {
    return other == timeline || ancestors.stream().anyMatch(a -> a.timeline() == other);
  }

  /// Where a timeline of this history ends; empty for the newest, and for those that are not in it.
  public Optional<Lsn> endOf(int other) {
    return ancestors.stream().filter(a -> a.timeline() == other).map(Ancestor::end).findFirst();
  }

  /// Where a timeline of this history begins: where it left its parent; empty for the oldest.
  public Optional<Lsn> beginOf(int other) {
    Optional<Lsn> begin = Optional.empty();
    for (Ancestor ancestor : ancestors) {
      if (ancestor.timeline() == other) {
        return begin;
      }
      begin = Optional.of(ancestor.end());
    }
    return other == timeline ? begin : Optional.empty();
  }

  /// All timelines of this history, oldest first, itself last.
  public List<Integer> timelines() {
    List<Integer> all = new ArrayList<>(ancestors.stream().map(Ancestor::timeline).toList());
    all.add(timeline);
    return List.copyOf(all);
  }

  private static ChrysalisException damaged(int timeline, String line) {
    return new ChrysalisException(
        PostgresErrors.WAL_DAMAGED,
        "The history of timeline %d has a line that cannot be read: %s".formatted(timeline, line),
        "compare it with the file %s in a server's pg_wal".formatted(fileName(timeline)));
  }
}
