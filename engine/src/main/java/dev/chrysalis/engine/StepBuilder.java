package dev.chrysalis.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes a step. Without further words it is convergent, not destructive, comes after nothing,
/// should take 10 s and may take 5 minutes; its title is its id.
public final class StepBuilder {
  private final String id;
  private final Map<String, String> parameters = new HashMap<>();
  private final Set<String> after = new HashSet<>();
  private String title;
  private String action = "";
  private StepKind kind = StepKind.CONVERGENT;
  private boolean destructive;
  private Duration expected = Duration.ofSeconds(10);
  private Duration deadline = Duration.ofMinutes(5);
  private @Nullable String undoGroup;

  StepBuilder(String id) {
    this.id = id;
    this.title = id;
  }

  @CanIgnoreReturnValue
  public StepBuilder title(String text) {
    title = text;
    return this;
  }

  @CanIgnoreReturnValue
  public StepBuilder action(String name) {
    action = name;
    return this;
  }

  @CanIgnoreReturnValue
  public StepBuilder with(String parameter, String value) {
    parameters.put(parameter, value);
    return this;
  }

  @CanIgnoreReturnValue
  public StepBuilder with(Map<String, String> more) {
    parameters.putAll(more);
    return this;
  }

  @CanIgnoreReturnValue
  public StepBuilder kind(StepKind of) {
    kind = of;
    return this;
  }

  @CanIgnoreReturnValue
  public StepBuilder destructive() {
    destructive = true;
    return this;
  }

  @CanIgnoreReturnValue
  public StepBuilder after(String... steps) {
    return after(List.of(steps));
  }

  @CanIgnoreReturnValue
  public StepBuilder after(Collection<String> steps) {
    after.addAll(steps);
    return this;
  }

  @CanIgnoreReturnValue
  public StepBuilder expected(Duration time) {
    expected = time;
    return this;
  }

  @CanIgnoreReturnValue
  public StepBuilder deadline(Duration time) {
    deadline = time;
    return this;
  }

  /// See `Step.undoneTogether`.
  @CanIgnoreReturnValue
  public StepBuilder undoGroup(String name) {
    undoGroup = name;
    return this;
  }

  public Step build() {
    if (action.isEmpty()) {
      throw new IllegalArgumentException("step " + id + " has no action");
    }
    return new Step(
        id, title, action, parameters, kind, destructive, after, expected, deadline, undoGroup);
  }
}
