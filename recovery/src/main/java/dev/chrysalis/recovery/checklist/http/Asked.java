package dev.chrysalis.recovery.checklist.http;

import java.util.function.Function;

/// What came of a question that another server was asked.
public sealed interface Asked<T> {
  /// It answered.
  record Answered<T>(T value) implements Asked<T> {}

  /// Nobody knows: it did not answer, or nothing that could be understood.
  record Unanswered<T>(String why) implements Asked<T> {}

  /// The same with another value.
  default <R> Asked<R> map(Function<? super T, ? extends R> change) {
    return switch (this) {
      case Answered<T>(T value) -> new Answered<>(change.apply(value));
      case Unanswered<T>(String why) -> new Unanswered<>(why);
    };
  }

  /// The next question, where this one was answered.
  default <R> Asked<R> then(Function<? super T, Asked<R>> next) {
    return switch (this) {
      case Answered<T>(T value) -> next.apply(value);
      case Unanswered<T>(String why) -> new Unanswered<>(why);
    };
  }

  /// This answer, or the other where there is none; both reasons where there is none at all.
  default Asked<T> or(Asked<T> other) {
    return switch (this) {
      case Answered<T> _ -> this;
      case Unanswered<T>(String why) ->
          other instanceof Unanswered<T>(String too) ? new Unanswered<>(why + "; " + too) : other;
    };
  }
}
