package dev.chrysalis.redis.agent.server;

import java.util.List;
import java.util.Optional;

/// Questions that a Sentinel answers.
final class SentinelAsked {
  private SentinelAsked() {}

  /// Where the Sentinel sends clients, `host:port`; empty where it watches no such master.
  static Optional<String> address(RedisSession session, String master) {
    Object answer = session.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", master);
    if (!(answer instanceof List<?>)) {
      return Optional.empty();
    }
    List<String> words = RedisSession.allOf(answer);
    return Optional.of(words.get(0) + ":" + words.get(1));
  }
}
