package dev.chrysalis.vault.prune;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Actors over one store in memory, in an order that a seed chooses: exactly one of them runs at a
/// time, from one call of the store to its next. An actor keeps its turn for one call, some, or
/// many (the seed says how many on the average): were it chosen anew for each call, all would get
/// ahead side by side, and no writer would begin while a prune is near its end. At every call the
/// seed may let the actor die (the process is killed), or let the call fail before or after it took
/// effect.
final class Interleaving {
  /// What kills an actor; no code may catch it as an error of the store.
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /// How often what goes wrong, of a thousand calls.
  record Odds(int killed, int failsBefore, int failsAfter) {}

  private static final int[] TURNS = {1, 8, 64};

  private final MemoryBackend store;
  private final Random random;
  private final int meanTurn;
  private final Odds odds;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allEnded = lock.newCondition();
  private final List<Actor> actors = new ArrayList<>();
  private @Nullable Actor running;
  private @Nullable Actor turn;
  private int callsLeft;
  private @Nullable Throwable failure;
  private long steps;

  Interleaving(MemoryBackend store, Random random, Odds odds) {
    this.store = store;
    this.random = random;
    this.meanTurn = TURNS[random.nextInt(TURNS.length)];
    this.odds = odds;
  }

  /// Adds an actor; its work is done over the store that it is given.
  void actor(String name, Consumer<ErasingBackend> work) {
    actors.add(new Actor(name, work));
  }

  long steps() {
    return steps;
  }

  /// Runs all actors to their ends; what an actor threw that is no error of the store is thrown.
  void run() {
    actors.forEach(Actor::start);
    lock.lock();
    try {
      while (actors.stream().anyMatch(a -> !a.ended)) {
        allEnded.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    if (failure != null) {
      throw new AssertionError("an actor failed", failure);
    }
  }

  /// Chooses who runs next, when nobody does and everybody has come to a call, or to an end.
  private void choose() {
    List<Actor> alive = new ArrayList<>(actors.size());
    boolean allWait = true;
    for (Actor actor : actors) {
      if (!actor.ended) {
        alive.add(actor);
        allWait &= actor.waiting;
      }
    }
    if (alive.isEmpty()) {
      allEnded.signal();
    } else if (running == null && allWait) {
      Actor next = next(alive);
      steps++;
      running = next;
      next.turn.signal();
    }
  }

  private Actor next(List<Actor> alive) {
    Actor same = turn;
    if (same == null || same.ended || callsLeft == 0) {
      same = alive.get(random.nextInt(alive.size()));
      callsLeft = 1 + (int) (-Math.log(1 - random.nextDouble()) * (meanTurn - 1));
    }
    callsLeft--;
    turn = same;
    return same;
  }

  private final class Actor implements ErasingBackend {
    private final String name;
    private final Consumer<ErasingBackend> work;
    private final Condition turn = lock.newCondition();
    private boolean waiting;
    private boolean ended;
    private boolean killed;

    Actor(String name, Consumer<ErasingBackend> work) {
      this.name = name;
      this.work = work;
    }

    void start() {
      Thread.ofVirtual()
          .name(name)
          .start(() -> {
            Throwable thrown = null;
            try {
              work.accept(this);
            } catch (Killed e) {
              killed = true;
            } catch (ChrysalisException e) {
              thrown = killed || VaultErrors.mayPass(e.code()) || expected(e) ? null : e;
            } catch (RuntimeException | Error e) {
              thrown = killed ? null : e;
            }
            lock.lock();
            try {
              failure = failure == null ? thrown : failure;
              ended = true;
              if (running == this) {
                running = null;
              }
              choose();
            } finally {
              lock.unlock();
            }
          });
    }

    /// A prune refuses to go on when another one, which a lease would have kept out, takes away
    /// what it is reading; what is whole is looked at afterwards.
    private static boolean expected(ChrysalisException e) {
      return e.code().equals(VaultErrors.PRUNE_UNSAFE)
          || e.code().equals(VaultErrors.SESSION_ABANDONED)
          || e.code().equals(VaultErrors.WRITER_CLOSED);
    }

    /// Waits for its turn; then makes the call, or what the seed makes of it.
    private <T> T step(String call, Supplier<T> act) {
      lock.lock();
      try {
        waiting = true;
        if (running == this) {
          running = null;
        }
        choose();
        while (running != this) {
          turn.awaitUninterruptibly();
        }
        waiting = false;
        if (killed) {
          throw new Killed();
        }
        int fate = random.nextInt(1000);
        if (fate < odds.killed()) {
          killed = true;
          throw new Killed();
        }
        if (fate < odds.killed() + odds.failsBefore()) {
          throw lost(call + " did not come through");
        }
        T result = act.get();
        if (fate < odds.killed() + odds.failsBefore() + odds.failsAfter()) {
          throw lost(call + " was done, its answer lost");
        }
        return result;
      } finally {
        lock.unlock();
      }
    }

    private static ChrysalisException lost(String what) {
      return new ChrysalisException(VaultErrors.TIMED_OUT, what, "this is a test's fault");
    }

    @Override
    public Traits traits() {
      return store.traits();
    }

    @Override
    public Created create(String key, Body body) {
      return step("create " + key, () -> store.create(key, body));
    }

    @Override
    public InputStream open(String key, long offset, long length) {
      return step("open " + key, () -> store.open(key, offset, length));
    }

    @Override
    public OptionalLong size(String key) {
      return step("size " + key, () -> store.size(key));
    }

    /// A listing comes page by page: what is created or deleted meanwhile may be seen or not.
    @Override
    public Stream<Listed> list(String prefix) {
      List<Listed> all = new ArrayList<>();
      String[] last = {""};
      boolean more = true;
      while (more) {
        int page = 1 + random.nextInt(4);
        more =
            step(
                "list " + prefix,
                () -> {
                  List<Listed> next =
                      store
                          .list(prefix)
                          .filter(listed -> listed.key().compareTo(last[0]) > 0)
                          .limit(page)
                          .toList();
                  next.forEach(listed -> last[0] = listed.key());
                  return all.addAll(next);
                });
      }
      return all.stream();
    }

    @Override
    public void delete(String key) {
      step(
          "delete " + key,
          () -> {
            store.delete(key);
            return key;
          });
    }

    @Override
    public String toString() {
      return name;
    }

    @Override
    public void close() {}
  }
}
