package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.ship.EventLog;
import dev.chrysalis.redis.agent.log.ShipEvent;
import java.util.Map;

/// Tells what happens to the shipper of an append-only file.
final class ShipLog {
  private final EventLog log;

  ShipLog(EventLog log) {
    this.log = log;
  }

  void tell(ShipEvent event) {
    switch (event) {
      case ShipEvent.Shipping e ->
          log.tell(
              e.fresh() ? "new log" : "shipping",
              Map.of("log", e.log().stream(), "from", "" + e.from(), "file", e.file()));
      case ShipEvent.StandingBy e -> log.tell("standing by", Map.of("master", e.master()));
      case ShipEvent.NoAppendOnlyFile _ ->
          log.tell(
              "no append-only file", Map.of("hint", "nothing can be shipped; only bases are kept"));
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
          log.tell("log ended", Map.of("log", e.log().stream(), "at", "" + e.at(), "why", e.why()));
      case ShipEvent.ServerFailing e -> log.failing("server", e.error());
      case ShipEvent.VaultFailing e -> log.failing("vault", e.error());
      case ShipEvent.Overtaken e ->
          log.tellNowAndThen("overtaken", Map.of("log", e.log().stream()));
    }
  }
}
