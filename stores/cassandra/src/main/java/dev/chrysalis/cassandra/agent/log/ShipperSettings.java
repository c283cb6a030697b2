package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.cassandra.agent.files.NodeFolders;
import dev.chrysalis.model.MemberId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How a node's commit log is shipped.
///
/// @param store the store's name, which its logs carry
/// @param data where the agent sees the node's folders of tables, in its order
/// @param commitLog where the agent sees the node's `commitlog_directory`
/// @param sealEvery how long synced content waits at most before it is sent to the vault
/// @param pieceBytes at how many bytes a piece is sealed before that; one is held in memory
/// @param markEvery how often the vault is told that nothing was written
/// @param retryAtMost the longest pause between attempts to reach the vault or the node
/// @param spoolBytes how much room segments may take that the server has removed already
public record ShipperSettings(
    String store,
    MemberId member,
    List<Path> data,
    Path commitLog,
    Duration sealEvery,
    int pieceBytes,
    Duration markEvery,
    Duration retryAtMost,
    long spoolBytes) {
  public ShipperSettings {
    data = List.copyOf(data);
    if (!sealEvery.isPositive() || !markEvery.isPositive() || !retryAtMost.isPositive()) {
      throw new IllegalArgumentException("times are positive");
    }
    if (pieceBytes < (1 << 12) || pieceBytes > (64 << 20)) {
      throw new IllegalArgumentException("a piece has 4 KiB to 64 MiB: " + pieceBytes);
    }
  }

  public static ShipperSettings of(String store, MemberId member, NodeFolders folders) {
    return new ShipperSettings(
        store,
        member,
        folders.data(),
        folders.commitLog(),
        Duration.ofSeconds(1),
        4 << 20,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        1L << 30);
  }
}
