package dev.chrysalis.agent.redis;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.agent.log.ShipEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The shipper's log: each event on a line, but pieces and repeated failures only now and then, so
/// that a log which nobody rotates stays small. Safe for many threads.
final class ShipLog {
  private static final Duration PIECES = Duration.ofSeconds(60);
  private static final Duration FAILURES = Duration.ofSeconds(60);

  private final PrintStream out;
  private final boolean json;
  private final InstantSource clock;
  private final ObjectMapper mapper = new ObjectMapper();
  private final Map<String, Instant> quietUntil = new HashMap<>();
  private long pieces;

  ShipLog(PrintStream out, boolean json, InstantSource clock) {
    this.out = out;
    this.json = json;
    this.clock = clock;
  }

  synchronized void tell(ShipEvent event) {
    switch (event) {
      case ShipEvent.Shipping e ->
          line(
              e.fresh() ? "new log" : "shipping",
              Map.of("log", e.log().stream(), "from", "" + e.from(), "file", e.file()));
      case ShipEvent.StandingBy e -> line("standing by", Map.of("master", e.master()));
      case ShipEvent.NoAppendOnlyFile _ ->
          line(
              "no append-only file", Map.of("hint", "nothing can be shipped; only bases are kept"));
      case ShipEvent.Sealed e -> sealed(e);
      case ShipEvent.BaseTaken e ->
          line(
              "base",
              Map.of(
                  "log", e.log().stream(),
                  "snapshot", e.base().id().toString(),
                  "bytes", "" + e.base().bytes()));
      case ShipEvent.LogEnded e ->
          line("log ended", Map.of("log", e.log().stream(), "at", "" + e.at(), "why", e.why()));
      case ShipEvent.ServerFailing e -> failing("server", e.error());
      case ShipEvent.VaultFailing e -> failing("vault", e.error());
      case ShipEvent.Overtaken e -> {
        if (loud("overtaken", PIECES)) {
          line("overtaken", Map.of("log", e.log().stream()));
        }
      }
    }
  }

  synchronized void failing(String what, ChrysalisException error) {
    if (loud(what + error.code(), FAILURES)) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("code", error.code().toString());
      fields.put("message", String.valueOf(error.getMessage()));
      fields.put("hint", error.hint());
      line(what + " failing", fields);
    }
  }

  synchronized void note(String text) {
    line("note", Map.of("text", text));
  }

  private void sealed(ShipEvent.Sealed event) {
    pieces++;
    if (loud("sealed", PIECES)) {
      line(
          "sealed",
          Map.of(
              "log", event.log().stream(),
              "to", "" + event.piece().to(),
              "pieces", "" + pieces));
    }
  }

  private boolean loud(String what, Duration quiet) {
    Instant now = clock.instant();
    Instant until = quietUntil.get(what);
    if (until != null && now.isBefore(until)) {
      return false;
    }
    quietUntil.put(what, now.plus(quiet));
    return true;
  }

  private void line(String event, Map<String, String> fields) {
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
}
