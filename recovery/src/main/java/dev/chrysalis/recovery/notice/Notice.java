package dev.chrysalis.recovery.notice;

import dev.chrysalis.model.stack.NoticeState;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One thing that is told about a run.
///
/// @param event the nonce of the journal record that it tells of: told again after a crash, it is
///   the same event
/// @param at when that record was written
/// @param values what placeholders stand for, `NoticeTemplate.PLACEHOLDERS`; texts of one line
public record Notice(
    String run, String event, NoticeState state, Instant at, Map<String, String> values) {
  private static final Pattern EVENT = Pattern.compile("[a-z0-9]{1,64}");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");
  private static final int LONGEST = 1000;

  public Notice {
    if (!EVENT.matcher(event).matches()) {
      throw new IllegalArgumentException("not the name of an event: " + event);
    }
    values =
        values.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, e -> line(e.getValue()), (a, b) -> a, TreeMap::new));
  }

  /// Unique for all runs, and the same whenever this is told.
  public String id() {
    return run + "-" + event;
  }

  public String value(String placeholder) {
    return values.getOrDefault(placeholder, "");
  }

  /// What comes from outside stays on one line, and within what receivers take.
  private static String line(String text) {
    String line = CONTROL.matcher(text).replaceAll(" ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " …";
  }
}
