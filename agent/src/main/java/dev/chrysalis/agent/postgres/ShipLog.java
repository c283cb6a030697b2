package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.ship.EventLog;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.wal.ShipEvent;
import java.util.Map;

/// Tells what happens to the shipper of a server's WAL.
final class ShipLog {
  private final EventLog log;

  ShipLog(EventLog log) {
    this.log = log;
  }

  void tell(ShipEvent event) {
    switch (event) {
      case ShipEvent.Shipping e ->
          log.tell("shipping", Map.of("timeline", "" + e.timeline(), "from", "" + e.from()));
      case ShipEvent.StandingBy e -> log.tell("standing by", Map.of("timeline", "" + e.timeline()));
      case ShipEvent.Sealed e -> sealed(e);
      case ShipEvent.TimelineEnded e ->
          log.tell("timeline ended", Map.of("timeline", "" + e.timeline(), "end", "" + e.end()));
      case ShipEvent.Gap e ->
          log.tell(
              "gap",
              Map.of(
                  "timeline", "" + e.timeline(),
                  "from", "" + e.from(),
                  "to", "" + e.to(),
                  "why", e.why()));
      case ShipEvent.SlotLost e -> log.tell("slot lost", Map.of("slot", e.slot()));
      case ShipEvent.Conflict e -> log.failing("conflict", e.error());
      case ShipEvent.ServerFailing e -> log.failing("server", e.error());
      case ShipEvent.VaultFailing e -> log.failing("vault", e.error());
      case ShipEvent.Overtaken e ->
          log.tellNowAndThen("overtaken", Map.of("timeline", "" + e.timeline()));
    }
  }

  private void sealed(ShipEvent.Sealed event) {
    String to = new Lsn(event.piece().to()).toString();
    log.sealed(Map.of("timeline", "" + event.timeline(), "to", to));
  }
}
