package dev.chrysalis.agent.ship;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chrysalis.model.ChrysalisException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// A shipper's log: each event on a line, but pieces and repeated failures only now and then, so
/// that a log which nobody rotates stays small. Safe for many threads.
public final class EventLog {
  private static final Duration NOW_AND_THEN = Duration.ofSeconds(60);

  private final PrintStream out;
  private final boolean json;
  private final InstantSource clock;
  private final ObjectMapper mapper = new ObjectMapper();
  private final Map<String, Instant> quietUntil = new HashMap<>();
  private long pieces;

  public EventLog(PrintStream out, boolean json, InstantSource clock) {
    this.out = out;
    this.json = json;
    this.clock = clock;
  }

  /// An event that is told each time.
  public synchronized void tell(String event, Map<String, String> fields) {
    if (json) {
      ObjectNode node = mapper.createObjectNode();
      node.put("at", clock.instant().toString()).put("event", event);
      fields.forEach(node::put);
      out.println(node);
    } else {
      out.println(clock.instant() + " " + event + " " + fields);
    }
    out.flush();
  }

  /// An event that is told now and then.
  public synchronized void tellNowAndThen(String event, Map<String, String> fields) {
    if (loud(event)) {
      tell(event, fields);
    }
  }

  /// A piece has been sealed: told now and then, with how many they were.
  public synchronized void sealed(Map<String, String> fields) {
    pieces++;
    if (loud("sealed")) {
      Map<String, String> all = new LinkedHashMap<>(fields);
      all.put("pieces", Long.toString(pieces));
      tell("sealed", all);
    }
  }

  /// Something fails (`vault`, `server`): each kind of failure is told now and then.
  public synchronized void failing(String what, ChrysalisException error) {
    if (loud(what + error.code())) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("code", error.code().toString());
      fields.put("message", String.valueOf(error.getMessage()));
      fields.put("hint", error.hint());
      tell(what + " failing", fields);
    }
  }

  public void note(String text) {
    tell("note", Map.of("text", text));
  }

  private boolean loud(String what) {
    Instant now = clock.instant();
    Instant until = quietUntil.get(what);
    if (until != null && now.isBefore(until)) {
      return false;
    }
    quietUntil.put(what, now.plus(NOW_AND_THEN));
    return true;
  }
}
