package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.ScriptedFault.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A backend that fails by a script. The first fault of the script that strikes a call is played; a
/// test ends with `assertAllFired`, so that no test passes because its fault never came.
public final class FaultyBackend implements ErasingBackend {
  private final ErasingBackend inner;
  private final List<Armed> script;

  public FaultyBackend(ErasingBackend inner, ScriptedFault... script) {
    this.inner = inner;
    this.script = Stream.of(script).map(Armed::of).toList();
  }

  /// Fails unless every fault of the script struck at least once.
  public void assertAllFired() {
    List<ScriptedFault> unfired =
        script.stream().filter(armed -> armed.fired().get() == 0).map(Armed::rule).toList();
    if (!unfired.isEmpty()) {
      throw new AssertionError("faults that never struck: " + unfired);
    }
  }

  /// How often any fault struck.
  public int fired() {
    return script.stream().mapToInt(armed -> armed.fired().get()).sum();
  }

  @Override
  public Traits traits() {
    return inner.traits();
  }

  @Override
  public Created create(String key, Body body) {
    Optional<Fault> fault = strike(Operation.CREATE, key);
    if (fault.isEmpty()) {
      return inner.create(key, body);
    }
    return switch (fault.get()) {
      case Fault.Fails fails -> throw failure(fails.code(), "create " + key);
      case Fault.TearsWrite torn -> tear(key, body, torn);
      case Fault.LosesAnswer _,
          Fault.BreaksRead _,
          Fault.ShortensRead _,
          Fault.FlipsBit _,
          Fault.Hides _ -> {
        inner.create(key, body);
        throw failure(VaultErrors.TIMED_OUT, "create " + key + " (done, answer lost)");
      }
    };
  }

  private Created tear(String key, Body body, Fault.TearsWrite torn) {
    Created created = inner.create(key, new Shortened(body, Math.min(torn.kept(), body.length())));
    if (torn.answersNew()) {
      return created;
    }
    throw failure(VaultErrors.TIMED_OUT, "create " + key + " (torn)");
  }

  @Override
  public InputStream open(String key, long offset, long length) {
    Optional<Fault> fault = strike(Operation.OPEN, key);
    if (fault.isEmpty()) {
      return inner.open(key, offset, length);
    }
    return switch (fault.get()) {
      case Fault.Fails fails -> throw failure(fails.code(), "open " + key);
      case Fault.BreaksRead broken ->
          SpoiltStream.breaking(inner.open(key, offset, length), broken.after());
      case Fault.ShortensRead shortened ->
          SpoiltStream.ending(inner.open(key, offset, length), shortened.after());
      case Fault.FlipsBit flip ->
          SpoiltStream.flipping(inner.open(key, offset, length), flip.atByte(), flip.bit());
      case Fault.Hides _, Fault.LosesAnswer _, Fault.TearsWrite _ ->
          throw failure(VaultErrors.OBJECT_MISSING, "open " + key);
    };
  }

  @Override
  public OptionalLong size(String key) {
    Optional<Fault> fault = strike(Operation.SIZE, key);
    if (fault.isEmpty()) {
      return inner.size(key);
    }
    if (fault.get() instanceof Fault.Fails fails) {
      throw failure(fails.code(), "size " + key);
    }
    return OptionalLong.empty();
  }

  @Override
  public Stream<Listed> list(String prefix) {
    for (Armed armed : script) {
      if (armed.rule().fault() instanceof Fault.Fails fails
          && armed.strikes(Operation.LIST, prefix)) {
        throw failure(fails.code(), "list " + prefix);
      }
    }
    return inner.list(prefix).filter(listed -> !hidden(listed.key()));
  }

  private boolean hidden(String key) {
    boolean hidden = false;
    for (Armed armed : script) {
      if (armed.rule().fault() instanceof Fault.Hides) {
        hidden |= armed.strikes(Operation.LIST, key);
      }
    }
    return hidden;
  }

  @Override
  public void delete(String key) {
    Optional<Fault> fault = strike(Operation.DELETE, key);
    if (fault.isPresent() && fault.get() instanceof Fault.Fails fails) {
      throw failure(fails.code(), "delete " + key);
    }
    inner.delete(key);
    if (fault.isPresent()) {
      throw failure(VaultErrors.TIMED_OUT, "delete " + key + " (done, answer lost)");
    }
  }

  private Optional<Fault> strike(Operation operation, String key) {
    for (Armed armed : script) {
      if (armed.strikes(operation, key)) {
        return Optional.of(armed.rule().fault());
      }
    }
    return Optional.empty();
  }

  private static ChrysalisException failure(ErrorCode code, String call) {
    return new ChrysalisException(code, "injected: " + call, "this is a test's fault");
  }

  @Override
  public String toString() {
    return "faulty " + inner;
  }

  @Override
  public void close() {
    inner.close();
  }

  private record Armed(ScriptedFault rule, ScriptedFault.Counter counter, AtomicInteger fired) {
    static Armed of(ScriptedFault rule) {
      return new Armed(rule, rule.when().counter(), new AtomicInteger());
    }

    boolean strikes(Operation operation, String key) {
      if (rule.operation() != operation || !rule.keys().test(key) || !counter.strikesNext()) {
        return false;
      }
      fired.incrementAndGet();
      return true;
    }
  }

  /// The first bytes of a body.
  private record Shortened(Body whole, long length) implements Body {
    @Override
    public InputStream open() throws IOException {
      return whole.open();
    }
  }
}
