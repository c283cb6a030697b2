package dev.chrysalis.vault.backend;

import java.util.Random;
import java.util.function.Predicate;

/// A fault and when it strikes: in which operation, at which keys, and at which of the matching
/// calls (or listed objects, for a `Hides` in a listing).
///
/// @param keys matches the key, a listing's prefix, or for `Hides` in a listing the listed key
public record ScriptedFault(Fault fault, Operation operation, Predicate<String> keys, Moment when) {
  public ScriptedFault {
    if (!fits(fault, operation)) {
      throw new IllegalArgumentException(fault + " cannot strike " + operation);
    }
  }

  /// Strikes the first matching call at any key, unless narrowed by the methods below.
  public static ScriptedFault on(Operation operation, Fault fault) {
    return new ScriptedFault(fault, operation, key -> true, new Moment.Calls(1, 1));
  }

  public ScriptedFault atKey(String key) {
    return at(key::equals);
  }

  public ScriptedFault atKeysUnder(String prefix) {
    return at(key -> key.startsWith(prefix));
  }

  public ScriptedFault at(Predicate<String> matching) {
    return new ScriptedFault(fault, operation, matching, when);
  }

  /// Strikes the nth matching call only; the first is 1.
  public ScriptedFault nth(int call) {
    return new ScriptedFault(fault, operation, keys, new Moment.Calls(call, call));
  }

  /// Strikes the first so many matching calls.
  public ScriptedFault first(int calls) {
    return new ScriptedFault(fault, operation, keys, new Moment.Calls(1, calls));
  }

  /// Strikes every matching call.
  public ScriptedFault always() {
    return new ScriptedFault(fault, operation, keys, new Moment.Calls(1, Integer.MAX_VALUE));
  }

  /// Strikes each matching call with this probability, the same ones for the same seed.
  public ScriptedFault sometimes(double probability, long seed) {
    return new ScriptedFault(fault, operation, keys, new Moment.Chance(probability, seed));
  }

  private static boolean fits(Fault fault, Operation operation) {
    return switch (fault) {
      case Fault.Fails _ -> true;
      case Fault.LosesAnswer _ -> operation == Operation.CREATE || operation == Operation.DELETE;
      case Fault.BreaksRead _, Fault.ShortensRead _, Fault.FlipsBit _ ->
          operation == Operation.OPEN;
      case Fault.TearsWrite _ -> operation == Operation.CREATE;
      case Fault.Hides _ ->
          operation == Operation.OPEN || operation == Operation.SIZE || operation == Operation.LIST;
    };
  }

  /// The calls that a fault can strike.
  public enum Operation {
    CREATE,
    OPEN,
    SIZE,
    LIST,
    DELETE
  }

  /// Which of the matching calls are struck.
  public sealed interface Moment {
    /// From the first to the last, counted from 1.
    record Calls(int first, int last) implements Moment {}

    /// Each with a probability, drawn from a generator of this seed.
    record Chance(double probability, long seed) implements Moment {}

    /// Begins to count.
    default Counter counter() {
      return switch (this) {
        case Calls calls -> new Counting(calls);
        case Chance chance -> new Drawing(chance.probability(), new Random(chance.seed()));
      };
    }
  }

  /// Decides call by call.
  interface Counter {
    boolean strikesNext();
  }

  private static final class Counting implements Counter {
    private final Moment.Calls calls;
    private long seen;

    Counting(Moment.Calls calls) {
      this.calls = calls;
    }

    @Override
    public synchronized boolean strikesNext() {
      seen++;
      return seen >= calls.first() && seen <= calls.last();
    }
  }

  private record Drawing(double probability, Random random) implements Counter {
    @Override
    public boolean strikesNext() {
      return random.nextDouble() < probability;
    }
  }
}
