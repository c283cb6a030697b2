package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.PostgresServer;
import java.time.Duration;

/// How a member's log is shipped.
///
/// @param store the store's name, which its logs and records carry
/// @param server how the agent reaches the member's server; its user needs REPLICATION
/// @param sealEvery how long written WAL waits at most before it is sent to the vault
/// @param pieceBytes at how many bytes a piece is sealed before that; two are held in memory
/// @param heartbeatEvery after how much idleness a commit without content is made on a primary, so
///   that the newest restorable moment advances; zero = never
/// @param markEvery how often the vault is told that nothing was written, where there are no
///   heartbeats; and how often a standby's slot is moved
/// @param retryAtMost the longest pause between attempts to reach the server or the vault
public record ShipperSettings(
    String store,
    MemberId member,
    PostgresServer server,
    Duration sealEvery,
    int pieceBytes,
    Duration heartbeatEvery,
    Duration markEvery,
    Duration retryAtMost) {
  public ShipperSettings {
    if (sealEvery.isNegative() || sealEvery.isZero() || markEvery.isZero()) {
      throw new IllegalArgumentException("times are positive");
    }
    if (pieceBytes < (1 << 18) || pieceBytes > (64 << 20)) {
      throw new IllegalArgumentException("a piece has 256 KiB to 64 MiB: " + pieceBytes);
    }
  }

  /// The name of the member's replication slot.
  public String slot() {
    return WalNames.slot(member);
  }

  public static ShipperSettings of(String store, MemberId member, PostgresServer server) {
    return new ShipperSettings(
        store,
        member,
        server,
        Duration.ofSeconds(1),
        4 << 20,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10));
  }
}
