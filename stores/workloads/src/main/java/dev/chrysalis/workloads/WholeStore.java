package dev.chrysalis.workloads;

import dev.chrysalis.model.MemberId;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What decides on a plan that brings a whole store back, whatever it was made for: which members
/// there are, and what each has of what that would take away.
///
/// @param members what each is, in words: `serves`
public record WholeStore(Map<MemberId, String> members) {
  /// What a member is of which nothing is left.
  public static final String LOST = "has lost its data";

  /// What one is that takes writes, whose log such a plan may wait for.
  public static final String SERVES = "serves";

  public WholeStore {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /// @param views of all members, in the platform's order
  public static <T> WholeStore of(
      List<T> views, Function<T, MemberId> id, Function<T, String> word) {
    Map<MemberId, String> members = new LinkedHashMap<>();
    views.forEach(view -> members.put(id.apply(view), word.apply(view)));
    return new WholeStore(members);
  }

  /// As a plan's parameter holds it.
  public String text() {
    return members.entrySet().stream()
        .map(member -> member.getKey() + " " + member.getValue())
        .collect(Collectors.joining(", "));
  }

  /// Whether a plan fits that was made for what that text says: the same; or nothing is left of the
  /// same members by now, of which none served then.
  public boolean fits(String planned) {
    if (planned.equals(text())) {
      return true;
    }
    List<String> then = Arrays.asList(planned.split(", ", -1));
    return members.values().stream().allMatch(LOST::equals)
        && then.stream().noneMatch(member -> member.endsWith(" " + SERVES))
        && then.stream()
            .map(member -> member.split(" ", 2)[0])
            .toList()
            .equals(members.keySet().stream().map(MemberId::toString).toList());
  }
}
