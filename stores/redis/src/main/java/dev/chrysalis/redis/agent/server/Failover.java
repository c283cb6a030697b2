package dev.chrysalis.redis.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes a Sentinel fail over, without asking the others whether the master is down.
///
/// 1. The Sentinel is asked where the master is. Where that is not the one that is to be left, a
///    failover has happened already: nothing is done.
/// 2. What the Sentinel publishes is subscribed to before it is told, so that nothing is missed.
/// 3. It is told, unless it is at it already, and followed to its end: it switches, or gives up.
public final class Failover {
  private static final String SWITCHED = "+switch-master";
  private static final String GAVE_UP = "-failover-abort";

  private final RedisConnection sentinel;
  private final String master;
  private final Duration patience;
  private final Consumer<String> notes;

  /// @param master what the Sentinel calls its master: `mymaster`
  /// @param patience how long it may take
  public Failover(
      RedisConnection sentinel, String master, Duration patience, Consumer<String> notes) {
    this.sentinel = sentinel;
    this.master = master;
    this.patience = patience;
    this.notes = notes;
  }

  /// Fails over, and returns `from` and `to`: where the master was, and where it is.
  ///
  /// @param leaving the address of the master that is to be left; empty for whichever it is
  public Map<String, String> run(Optional<String> leaving) {
    try (RedisSession asked = sentinel.open();
        RedisSession events = sentinel.within(patience).open()) {
      String from =
          SentinelAsked.address(asked, master)
              .orElseThrow(() -> failed("it watches no master of the name " + master));
      if (leaving.isPresent() && !leaving.get().equals(from)) {
        return Map.of("from", leaving.get(), "to", from, "already", "true");
      }
      events.ask("PSUBSCRIBE", SWITCHED);
      events.ask("PSUBSCRIBE", GAVE_UP + "*");
      begin(asked, from);
      return Map.of("from", from, "to", await(events), "already", "false");
    }
  }

  private void begin(RedisSession asked, String from) {
    try {
      String _ = asked.text("SENTINEL", "FAILOVER", master);
      notes.accept("the Sentinel leaves " + from);
    } catch (ChrysalisException e) {
      String said = String.valueOf(e.getMessage());
      if (said.contains("INPROG")) {
        notes.accept("a failover goes on already: it is followed");
      } else if (said.contains("NOGOODSLAVE")) {
        throw failed("it knows no replica that is fit to lead");
      } else {
        throw e;
      }
    }
  }

  private String await(RedisSession events) {
    long until = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < until) {
      List<String> event = next(events);
      String channel = event.get(2);
      String message = event.get(3);
      if (channel.equals(SWITCHED) && message.startsWith(master + " ")) {
        String[] words = message.split(" ", -1);
        return words[3] + ":" + words[4];
      }
      if (channel.startsWith(GAVE_UP) && List.of(message.split(" ", -1)).contains(master)) {
        throw failed("it gave up: " + channel.substring(1));
      }
    }
    throw late();
  }

  private List<String> next(RedisSession events) {
    try {
      return RedisSession.allOf(events.next("a failover"));
    } catch (ChrysalisException e) {
      if (e.code().equals(RedisErrors.UNREACHABLE)) {
        throw late();
      }
      throw e;
    }
  }

  private ChrysalisException late() {
    return failed("there is no new master after " + patience.toSeconds() + " s");
  }

  private ChrysalisException failed(String why) {
    return new ChrysalisException(
        RedisErrors.NO_FAILOVER,
        "the Sentinel at %s:%d does not fail over: %s"
            .formatted(sentinel.server().host(), sentinel.server().port(), why),
        "see its replicas (SENTINEL REPLICAS " + master + ") and the Sentinel's log");
  }
}
