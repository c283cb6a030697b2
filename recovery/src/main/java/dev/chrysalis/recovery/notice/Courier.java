package dev.chrysalis.recovery.notice;

import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.notice.Delivery.Attempt;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Brings notices to one channel, one after another, in a thread of its own: a channel that hangs
/// holds up neither the run nor the others.
final class Courier {
  private final Channel channel;
  private final Insistence insistence;
  private final Clock clock;
  private final Ticker ticker;
  private final Consumer<Delivery> done;
  private final Queue<Notice> queue = new ArrayDeque<>();
  private final Thread thread;
  private List<Attempt> tried = new ArrayList<>();
  private boolean stopped;

  /// @param done told of each notice, however it ended; by the courier's thread
  Courier(
      Channel channel, Insistence insistence, Clock clock, Ticker ticker, Consumer<Delivery> done) {
    this.channel = channel;
    this.insistence = insistence;
    this.clock = clock;
    this.ticker = ticker;
    this.done = done;
    this.thread = Thread.ofVirtual().name("notices-" + channel.name()).unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  Channel channel() {
    return channel;
  }

  synchronized void add(Notice notice) {
    queue.add(notice);
    notifyAll();
  }

  /// Ends it, whatever it does; gives what it had not brought by then.
  synchronized List<Delivery> stop() {
    stopped = true;
    thread.interrupt();
    List<Delivery> left = new ArrayList<>();
    for (Notice notice : queue) {
      left.add(delivery(notice, false));
      tried = new ArrayList<>();
    }
    return left;
  }

  private void work() {
    try {
      while (true) {
        Notice notice = next();
        done.accept(brought(notice, carry(notice)));
      }
    } catch (InterruptedException e) {
      // Stopped: what was left was counted by then.
      Thread.currentThread().interrupt();
    }
  }

  /// Stays at the head of the queue until it was brought.
  private synchronized Notice next() throws InterruptedException {
    while (queue.isEmpty()) {
      wait();
    }
    tried = new ArrayList<>();
    return queue.element();
  }

  private synchronized Delivery brought(Notice notice, boolean delivered)
      throws InterruptedException {
    if (stopped) {
      throw new InterruptedException();
    }
    queue.remove();
    return delivery(notice, delivered);
  }

  private boolean carry(Notice notice) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Answer answer = guarded(() -> channel.deliver(notice));
      note(answer);
      switch (answer) {
        case Answer.Delivered _ -> {
          return true;
        }
        case Answer.Refused _ -> {
          return false;
        }
        case Answer.Later later -> {
          if (attempt >= insistence.attempts()) {
            return false;
          }
          ticker.pause(insistence.pause(attempt, later));
        }
      }
    }
  }

  /// One attempt; whatever goes wrong is an answer.
  static Answer guarded(Supplier<Answer> attempt) {
    try {
      return attempt.get();
    } catch (ChrysalisException e) {
      return new Answer.Refused(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Its message may hold what the channel was told from a file.
      return new Answer.Refused("a fault of Chrysalis (" + e.getClass().getSimpleName() + ")");
    }
  }

  private synchronized void note(Answer answer) {
    tried.add(new Attempt(clock.instant(), answer.words()));
  }

  private Delivery delivery(Notice notice, boolean delivered) {
    return new Delivery(
        channel.name(), notice.event(), notice.state().word(), notice.at(), delivered, tried);
  }
}
