package dev.chrysalis.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.chrysalis.engine.FaultyRecordStore.Script;
import dev.chrysalis.engine.Transitions.Transition;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A vault, a world and the controllers that work on them, one after another or side by side.
final class Stage {
  static final String STACK = "butterfly";
  static final Pace QUICK =
      new Pace(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(5));

  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final FakeWorld world = new FakeWorld();
  private final Consumer<Transition> visits;

  Stage() {
    this(visited -> {});
  }

  Stage(Consumer<Transition> visits) {
    this.visits = visits;
  }

  InMemoryRecordStore records() {
    return records;
  }

  FakeWorld world() {
    return world;
  }

  Runs runs() {
    return new Runs(records);
  }

  /// The one run that there is.
  String run() {
    List<String> all = runs().list(STACK);
    if (all.size() != 1) {
      throw new IllegalStateException("not one run: " + all);
    }
    return all.getFirst();
  }

  RunState state() {
    return runs().load(STACK, run()).state();
  }

  StepState stateOf(String step) {
    return state().step(step).state();
  }

  Decisions decisions() {
    return new Decisions(records, Surroundings.system());
  }

  Controller controller() {
    return new Controller(Mortality.immortal());
  }

  Controller controller(Mortality mortality) {
    return new Controller(mortality);
  }

  static Holder holder() {
    return new Holder("bastion-1", 4711, "ana", "chrysalis recover primary-lost");
  }

  static StepBuilder step(String id) {
    return Step.named(id)
        .title("Do " + id)
        .action(FakeAction.NAME)
        .deadline(Duration.ofSeconds(20));
  }

  static StepBuilder undoable(String id) {
    return step(id).action(FakeAction.NAME + "-undoable");
  }

  static Plan plan(StepBuilder... steps) {
    return plan(List.of(steps).stream().map(StepBuilder::build).toList());
  }

  static Plan plan(List<Step> steps) {
    return new Plan(
        "primary-lost",
        STACK,
        "Promotes a replica.",
        "at most 10 s of writes",
        Duration.ofHours(1),
        steps);
  }

  /// One process that may drive runs. Time is its own: waiting for a dead holder's lease takes
  /// none.
  final class Controller {
    private final Mortality mortality;
    private final FakeAction plain;
    private final FakeAction undoable;
    private RunnerSettings settings = RunnerSettings.of(holder()).at(QUICK);
    private Script script = (moment, key) -> {};
    private Ticker ticker = new ImpatientTicker();

    Controller(Mortality mortality) {
      this.mortality = mortality;
      this.plain = new FakeAction(world, mortality, false);
      this.undoable = new FakeAction(world, mortality, true);
    }

    FakeAction plain() {
      return plain;
    }

    FakeAction undoable() {
      return undoable;
    }

    @CanIgnoreReturnValue
    Controller asking(Approver approver) {
      settings = settings.asking(approver);
      return this;
    }

    @CanIgnoreReturnValue
    Controller telling(RunObserver observer) {
      settings = settings.telling(observer);
      return this;
    }

    @CanIgnoreReturnValue
    Controller waiting(Duration forLease) {
      settings = settings.waiting(forLease);
      return this;
    }

    @CanIgnoreReturnValue
    Controller at(Ticker time) {
      ticker = time;
      return this;
    }

    @CanIgnoreReturnValue
    Controller suffering(Script faults) {
      script = faults;
      return this;
    }

    Runner runner() {
      FaultyRecordStore faulty =
          new FaultyRecordStore(
              records,
              (moment, key) -> {
                if (!key.contains("/beat/") || moment != FaultyRecordStore.Moment.BEFORE_CREATE) {
                  mortality.chance(moment + " " + key);
                }
                script.at(moment, key);
              });
      Clock clock = ticker instanceof FakeTicker fake ? fake.clock() : Clock.systemUTC();
      Surroundings around = new Surroundings(clock, ticker, new Random());
      return new Runner(
          faulty,
          new Leases(faulty, around),
          Actions.of(List.of(plain, undoable)),
          settings,
          around,
          new Transitions(visits));
    }

    RunOutcome start(Plan plan) {
      return runner().start(plan, Consent.WHOLE_PLAN);
    }

    RunOutcome startAsking(Plan plan) {
      return runner().start(plan, Consent.STEP_BY_STEP);
    }

    RunOutcome resume() {
      return runner().resume(STACK, run());
    }

    RunOutcome abort() {
      return runner().abort(STACK, run());
    }
  }

  /// Real time, except that who waits for more than a second has waited at once: only the wait for
  /// a dead holder's lease is so long, besides heartbeats, which run in threads of their own.
  private static final class ImpatientTicker implements Ticker {
    private final Ticker real = Ticker.system();
    private final AtomicLong ahead = new AtomicLong();

    @Override
    public long nanos() {
      return real.nanos() + ahead.get();
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      if (time.compareTo(Duration.ofSeconds(1)) > 0 && !Thread.currentThread().isVirtual()) {
        ahead.addAndGet(time.toNanos());
      } else {
        real.pause(time);
      }
    }
  }
}
