package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.ship.EventLog;
import dev.chrysalis.cassandra.agent.log.ShipEvent;
import java.util.Map;

/// Tells what happens to the shipper of a commit log.
final class ShipLog {
  private final EventLog log;

  ShipLog(EventLog log) {
    this.log = log;
  }

  void tell(ShipEvent event) {
    switch (event) {
      case ShipEvent.Shipping e ->
          log.tell(
              e.needsBase() ? "new log" : "shipping",
              Map.of("log", e.log().stream(), "segment", e.segment(), "from", "" + e.from()));
      case ShipEvent.Sealed e ->
          log.sealed(Map.of("log", e.log().stream(), "to", "" + e.piece().to()));
      case ShipEvent.BaseTaken e ->
          log.tell(
              "base",
              Map.of(
                  "log", e.log().stream(),
                  "snapshot", e.base().id().toString(),
                  "bytes", "" + e.base().bytes()));
      case ShipEvent.LogEnded e ->
          log.tell("log ended", Map.of("log", e.log().stream(), "why", e.why()));
      case ShipEvent.Overtaken e ->
          log.tellNowAndThen("overtaken", Map.of("log", e.log().stream()));
      case ShipEvent.VaultFailing e -> log.failing("vault", e.error());
      case ShipEvent.NodeFailing e -> log.failing("node", e.error());
    }
  }
}
