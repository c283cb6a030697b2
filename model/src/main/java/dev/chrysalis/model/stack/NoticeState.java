package dev.chrysalis.model.stack;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Where a run stands, as those are told who do not drive it.
public enum NoticeState {
  STARTED,
  /// Only people can go on: they approve, or say what happened.
  WAITING,
  /// A controller goes on with a run that was left.
  RESUMED,
  /// Old data that had been set aside is back in its place.
  GIVEN_BACK,
  /// It can be resumed or aborted.
  FAILED,
  ABORTED,
  /// Every step is done, the checklist included.
  RECOVERED;

  /// As it is written in the stack file: `given-back`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Reads a word; anything else is an `IllegalArgumentException`.
  public static NoticeState parse(String word) {
    return Arrays.stream(values())
        .filter(s -> s.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "names the state '"
                    + word
                    + "'; there are "
                    + Arrays.stream(values())
                        .map(NoticeState::word)
                        .collect(Collectors.joining(", "))));
  }
}
