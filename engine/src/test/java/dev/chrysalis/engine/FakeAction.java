package dev.chrysalis.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Does to the world what its step says: sets a fact named as the step to the step's choice. Its
/// dying points lie before, in the middle of and after every call.
final class FakeAction implements Action {
  static final String NAME = "fake.set";

  private final FakeWorld world;
  private final Mortality mortality;
  private final boolean undoable;
  private final Map<String, Consumer<Integer>> onAct = new ConcurrentHashMap<>();
  private final Map<String, Runnable> onChoose = new ConcurrentHashMap<>();
  private final Map<String, Runnable> onProbe = new ConcurrentHashMap<>();
  private final Map<String, Runnable> onGiveBack = new ConcurrentHashMap<>();
  private final Map<String, Integer> losing = new ConcurrentHashMap<>();
  private final Map<String, Reconciled> answers = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> acts = new ConcurrentHashMap<>();

  FakeAction(FakeWorld world, Mortality mortality, boolean undoable) {
    this.world = world;
    this.mortality = mortality;
    this.undoable = undoable;
  }

  /// Before the n-th act (from 1) of the step through this action, do this.
  @CanIgnoreReturnValue
  FakeAction beforeAct(String step, Consumer<Integer> what) {
    onAct.put(step, what);
    return this;
  }

  @CanIgnoreReturnValue
  FakeAction beforeChoose(String step, Runnable what) {
    onChoose.put(step, what);
    return this;
  }

  @CanIgnoreReturnValue
  FakeAction beforeProbe(String step, Runnable what) {
    onProbe.put(step, what);
    return this;
  }

  @CanIgnoreReturnValue
  FakeAction beforeGiveBack(String step, Runnable what) {
    onGiveBack.put(step, what);
    return this;
  }

  /// What that many first acts of the step start is gone when somebody looks.
  @CanIgnoreReturnValue
  FakeAction losing(String step, int firstActs) {
    losing.put(step, firstActs);
    return this;
  }

  @CanIgnoreReturnValue
  FakeAction reconciling(String step, Reconciled answer) {
    answers.put(step, answer);
    return this;
  }

  @Override
  public String name() {
    return undoable ? NAME + "-undoable" : NAME;
  }

  @Override
  public boolean undoable() {
    return undoable;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    mortality.chance("choose");
    onChoose.getOrDefault(context.step().id(), () -> {}).run();
    return Map.of("value", world.roll());
  }

  @Override
  public Probe probe(StepContext context) {
    mortality.chance("probe");
    String step = context.step().id();
    onProbe.getOrDefault(step, () -> {}).run();
    int acted = acts.getOrDefault(step, new AtomicInteger()).get();
    if (acted > 0 && acted <= losing.getOrDefault(step, 0)) {
      return new Probe.Stalled("the work on " + step);
    }
    Optional<String> fact = world.fact(step);
    return fact.isPresent() && fact.equals(Optional.ofNullable(context.choices().get("value")))
        ? new Probe.Reached(Map.of("fact", fact.get()))
        : new Probe.Waiting("fact " + step);
  }

  @Override
  public void act(StepContext context) {
    String step = context.step().id();
    mortality.chance("before act " + step);
    int number = acts.computeIfAbsent(step, s -> new AtomicInteger()).incrementAndGet();
    onAct.getOrDefault(step, n -> {}).accept(number);
    world.attempted(step, context.attempt());
    String value = context.choices().getOrDefault("value", "nothing chosen");
    if (context.step().kind() == StepKind.CONVERGENT) {
      world.change(context.token(), "half " + step, step, Optional.of("half " + value));
      mortality.chance("in act " + step);
    }
    world.change(context.token(), "act " + step, step, Optional.of(value));
    mortality.chance("after act " + step);
  }

  @Override
  public Reconciled reconcile(StepContext context) {
    mortality.chance("reconcile");
    String step = context.step().id();
    Reconciled scripted = answers.get(step);
    if (scripted != null) {
      return scripted;
    }
    return world.fact(step).isPresent()
        ? new Reconciled.Happened(Map.of("fact", world.fact(step).get()))
        : new Reconciled.DidNotHappen("no fact " + step);
  }

  @Override
  public void giveBack(StepContext context) {
    String step = context.step().id();
    mortality.chance("before giveBack " + step);
    onGiveBack.getOrDefault(step, () -> {}).run();
    world.change(context.token(), "give back " + step, step, Optional.empty());
    mortality.chance("after giveBack " + step);
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("set " + step.id());
  }

  static ChrysalisException failure(Category category) {
    return new ChrysalisException(new ErrorCode(3999, category), "the wind blew", "Wait for calm.");
  }
}
