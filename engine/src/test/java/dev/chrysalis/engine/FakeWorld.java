package dev.chrysalis.engine;

import dev.chrysalis.model.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// What steps change: a world that outlives controllers, remembers all that was done to it, and,
/// like agents do, refuses tokens lower than the highest that it saw.
final class FakeWorld {
  private final Map<String, String> facts = new ConcurrentHashMap<>();
  private final List<String> doings = new CopyOnWriteArrayList<>();
  private final List<String> attempts = new CopyOnWriteArrayList<>();
  private final AtomicInteger dice = new AtomicInteger();
  private long highest;

  /// Something that is never the same twice: whoever uses two of them for one step chose twice.
  String roll() {
    return "choice-" + dice.incrementAndGet();
  }

  synchronized void change(Token token, String doing, String fact, Optional<String> value) {
    if (token.value() < highest) {
      throw new IllegalStateException("a stale token changed the world: " + doing);
    }
    highest = token.value();
    doings.add(doing);
    value.ifPresentOrElse(v -> facts.put(fact, v), () -> facts.remove(fact));
  }

  Optional<String> fact(String name) {
    return Optional.ofNullable(facts.get(name));
  }

  void set(String name, String value) {
    facts.put(name, value);
  }

  List<String> doings() {
    return new ArrayList<>(doings);
  }

  /// The attempts that acted.
  List<String> attempts() {
    return new ArrayList<>(attempts);
  }

  void attempted(String step, int attempt) {
    attempts.add(step + " " + attempt);
  }

  long count(String doing) {
    return doings.stream().filter(doing::equals).count();
  }
}
