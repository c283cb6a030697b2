package dev.chrysalis.recovery.notice;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.RunObserver;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.NoticeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;

/// Tells stakeholders of a run while it goes, and never holds it up.
///
/// 1. What is journaled goes into a queue; a thread of its own writes the notices.
/// 2. Each channel has a courier, with a queue and a thread of its own, who tries again for a
///    while.
/// 3. What became of a notice is kept beside the journal.
/// 4. Who takes a run over first tells what the controller before it left untold.
/// 5. `finish` waits a bounded time for what is left, and says what was not told or delivered.
///
/// Kept: a notice that is on record is never told again, so that a crash leads to at most a repeat
/// of the one that was under way, with the same id. No trouble of a channel, or of the vault, gets
/// to the run. Safe for many threads.
public final class RunNotices implements RunObserver, AutoCloseable {
  private record Written(String run, JournalRecord journaled, RunState after) {}

  /// What was not delivered, in the end.
  ///
  /// @param lost notices that a channel did not take
  /// @param troubles what else went wrong with the telling
  public record Remainder(List<Delivery> lost, List<String> troubles) {
    public Remainder {
      lost = List.copyOf(lost);
      troubles = List.copyOf(troubles);
    }
  }

  private final Channels channels;
  private final Deliveries deliveries;
  private final Runs runs;
  private final Surroundings surroundings;
  private final List<Courier> couriers;
  private final BlockingQueue<Written> written = new LinkedBlockingQueue<>();
  private final Queue<Written> untold = new ConcurrentLinkedQueue<>();
  private final Thread writer;
  private final Set<String> seen = new HashSet<>();
  private final List<Delivery> lost = new ArrayList<>();
  private final Set<String> troubles = new LinkedHashSet<>();
  private volatile String run = "";
  private volatile boolean waiting;
  private int open;
  private boolean over;

  public RunNotices(
      Channels channels, Deliveries deliveries, Runs runs, Surroundings surroundings) {
    this(channels, deliveries, runs, surroundings, Insistence.USUAL);
  }

  RunNotices(
      Channels channels,
      Deliveries deliveries,
      Runs runs,
      Surroundings surroundings,
      Insistence insistence) {
    this.channels = channels;
    this.deliveries = deliveries;
    this.runs = runs;
    this.surroundings = surroundings;
    this.couriers =
        channels.all().stream()
            .map(c ->
                new Courier(
                    c, insistence, surroundings.clock(), surroundings.ticker(), this::brought))
            .toList();
    this.writer = Thread.ofVirtual().name("notices").unstarted(this::write);
    if (!couriers.isEmpty()) {
      couriers.forEach(Courier::start);
      writer.start();
    }
  }

  @Override
  public void entered(String name) {
    run = name;
  }

  @Override
  public void journaled(JournalRecord journaled, RunState after) {
    if (couriers.isEmpty()) {
      return;
    }
    opened();
    Written one = new Written(run, journaled, after);
    untold.add(one);
    written.add(one);
  }

  /// Hands out what no channel has taken of a run that is over, given up or not; returns how many
  /// messages that are. For a controller that was killed between the run's end and telling it. Not
  /// beside a run that goes on: its own controller tells.
  public int tellLeft(String stack, String ended) {
    run = ended;
    Set<String> taken =
        deliveries.of(ended).stream()
            .filter(Delivery::delivered)
            .map(d -> Deliveries.name(d.event(), d.channel()))
            .collect(Collectors.toUnmodifiableSet());
    handOut(ended, runs.load(stack, ended).records(), taken);
    synchronized (this) {
      return open;
    }
  }

  /// Waits until everything was told or given up; false where that time was over before.
  public boolean settle(Duration atMost) {
    boolean _ = awaitAll(atMost);
    synchronized (this) {
      return open == 0;
    }
  }

  /// Waits until everything was told, given up, or that time is over, and ends.
  public Remainder finish(Duration atMost) {
    boolean inOrder = awaitAll(atMost);
    cutOff();
    writer.interrupt();
    List<Delivery> left = new ArrayList<>();
    couriers.forEach(c -> left.addAll(c.stop()));
    channels.close();
    // Cut off, nothing is given up: whoever takes the run over tells it.
    if (inOrder) {
      left.forEach(this::keep);
    }
    synchronized (this) {
      lost.addAll(left);
      return new Remainder(lost, List.copyOf(troubles));
    }
  }

  @Override
  public void close() {
    writer.interrupt();
    couriers.forEach(c -> {
      List<Delivery> _ = c.stop();
    });
    channels.close();
  }

  private void write() {
    try {
      while (true) {
        Written next = written.take();
        try {
          tell(next);
        } catch (RuntimeException e) {
          trouble(e);
        } finally {
          boolean _ = untold.remove(next);
          closed();
        }
      }
    } catch (InterruptedException e) {
      // Finished.
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Written next) {
    if (next.journaled().entry() instanceof JournalEntry.ControllerAttached) {
      try {
        catchUp(next);
      } catch (RuntimeException e) {
        // What was left untold stays so, for whoever comes next; what happens now is told.
        trouble(e);
      }
    }
    if (!seen.add(next.journaled().nonce())) {
      return;
    }
    notice(next.run(), next.journaled(), next.after())
        .ifPresent(notice -> couriers.forEach(c -> hand(c, notice)));
  }

  /// What a record tells; from then on the run waits, or goes on.
  private Optional<Notice> notice(String of, JournalRecord journaled, RunState after) {
    Optional<Notice> notice = NoticeWriter.of(of, journaled, after, waiting);
    notice.ifPresent(n -> waiting = n.state() == NoticeState.WAITING);
    return notice;
  }

  /// What the controllers before this one left untold. What people decided meanwhile shows in what
  /// the run does next.
  private void catchUp(Written attached) {
    Set<String> settled = deliveries.settled(attached.run());
    List<JournalRecord> before =
        runs.load(attached.after().plan().stack(), attached.run()).records().stream()
            .takeWhile(one -> !one.nonce().equals(attached.journaled().nonce()))
            .toList();
    handOut(attached.run(), before, settled);
  }

  private void handOut(String of, List<JournalRecord> all, Set<String> settled) {
    for (int i = 0; i < all.size(); i++) {
      JournalRecord one = all.get(i);
      if (seen.add(one.nonce())) {
        notice(of, one, RunState.of(all.subList(0, i + 1)))
            .filter(_ -> !(one.entry() instanceof JournalEntry.Decision))
            .ifPresent(notice -> handUnlessSettled(notice, settled));
      }
    }
  }

  private void handUnlessSettled(Notice notice, Set<String> settled) {
    for (Courier courier : couriers) {
      if (!settled.contains(Deliveries.name(notice.event(), courier.channel().name()))) {
        hand(courier, notice);
      }
    }
  }

  private void hand(Courier courier, Notice notice) {
    if (courier.channel().wants(notice.state())) {
      synchronized (this) {
        if (!over) {
          opened();
          courier.add(notice);
        }
      }
    }
  }

  /// From here on nothing goes to the couriers: what the writer has not got to is counted.
  private synchronized void cutOff() {
    over = true;
    boolean waits = waiting;
    int left = 0;
    for (Written one : untold) {
      Optional<Notice> notice = NoticeWriter.of(one.run(), one.journaled(), one.after(), waits);
      if (notice.isPresent()) {
        NoticeState state = notice.get().state();
        waits = state == NoticeState.WAITING;
        left += channels.all().stream().anyMatch(c -> c.wants(state)) ? 1 : 0;
      }
    }
    if (left > 0) {
      troubles.add(
          (left == 1 ? "1 change of the run was" : left + " changes of the run were")
              + " not told: time was over");
    }
  }

  private void brought(Delivery delivery) {
    keep(delivery);
    synchronized (this) {
      if (!delivery.delivered()) {
        lost.add(delivery);
      }
    }
    closed();
  }

  private void keep(Delivery delivery) {
    try {
      deliveries.keep(run, delivery);
    } catch (RuntimeException e) {
      trouble(e);
    }
  }

  private synchronized void trouble(RuntimeException e) {
    String why =
        e instanceof ChrysalisException known
            ? known.code() + ": " + known.getMessage()
            : "a fault of Chrysalis (" + e.getClass().getSimpleName() + ")";
    troubles.add("what was told could not be looked up or kept: " + why);
  }

  private synchronized void opened() {
    open++;
  }

  private synchronized void closed() {
    open--;
    notifyAll();
  }

  /// False where this thread was interrupted meanwhile; its flag is set again.
  private synchronized boolean awaitAll(Duration atMost) {
    long end = surroundings.ticker().nanos() + atMost.toNanos();
    try {
      for (long left = atMost.toNanos();
          open > 0 && left > 0;
          left = end - surroundings.ticker().nanos()) {
        wait(Math.max(1, left / 1_000_000));
      }
      return !Thread.currentThread().isInterrupted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
