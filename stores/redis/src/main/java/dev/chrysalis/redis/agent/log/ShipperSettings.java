package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a member's log is shipped.
///
/// @param store the store's name, which its logs and records carry
/// @param server how the agent reaches the member's server; its user needs INFO, CONFIG GET,
///   BGREWRITEAOF and BGSAVE
/// @param data where the agent sees the server's `dir`
/// @param configuration the server's configuration file, which bases take along; empty where the
///   agent does not see it
/// @param sealEvery how long written commands wait at most before they are sent to the vault
/// @param pieceBytes at how many bytes a piece is sealed before that; one is held in memory
/// @param markEvery how often the vault is told that nothing was written
/// @param retryAtMost the longest pause between attempts to reach the server or the vault
public record ShipperSettings(
    String store,
    MemberId member,
    RedisServer server,
    Path data,
    Optional<Path> configuration,
    Duration sealEvery,
    int pieceBytes,
    Duration markEvery,
    Duration retryAtMost) {
  public ShipperSettings {
    if (!sealEvery.isPositive() || !markEvery.isPositive() || !retryAtMost.isPositive()) {
      throw new IllegalArgumentException("times are positive");
    }
    if (pieceBytes < (1 << 12) || pieceBytes > (64 << 20)) {
      throw new IllegalArgumentException("a piece has 4 KiB to 64 MiB: " + pieceBytes);
    }
  }

  public static ShipperSettings of(
      String store, MemberId member, RedisServer server, Path data, Optional<Path> configuration) {
    return new ShipperSettings(
        store,
        member,
        server,
        data,
        configuration,
        Duration.ofSeconds(1),
        4 << 20,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }
}
