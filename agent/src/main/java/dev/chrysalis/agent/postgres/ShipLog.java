package dev.chrysalis.agent.postgres;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.wal.ShipEvent;
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
          line("shipping", Map.of("timeline", "" + e.timeline(), "from", "" + e.from()));
      case ShipEvent.StandingBy e -> line("standing by", Map.of("timeline", "" + e.timeline()));
      case ShipEvent.Sealed e -> sealed(e);
      case ShipEvent.TimelineEnded e ->
          line("timeline ended", Map.of("timeline", "" + e.timeline(), "end", "" + e.end()));
      case ShipEvent.Gap e ->
          line(
              "gap",
              Map.of(
                  "timeline", "" + e.timeline(),
                  "from", "" + e.from(),
                  "to", "" + e.to(),
                  "why", e.why()));
      case ShipEvent.SlotLost e -> line("slot lost", Map.of("slot", e.slot()));
      case ShipEvent.Conflict e -> failing("conflict", e.error());
      case ShipEvent.ServerFailing e -> failing("server", e.error());
      case ShipEvent.VaultFailing e -> failing("vault", e.error());
      case ShipEvent.Overtaken e -> {
        if (loud("overtaken", PIECES)) {
          line("overtaken", Map.of("timeline", "" + e.timeline()));
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
      String to = new Lsn(event.piece().to()).toString();
      line("sealed", Map.of("timeline", "" + event.timeline(), "to", to, "pieces", "" + pieces));
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
