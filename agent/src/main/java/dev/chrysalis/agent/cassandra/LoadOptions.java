package dev.chrysalis.agent.cassandra;

import dev.chrysalis.cassandra.agent.load.LoadRequest;
import dev.chrysalis.cassandra.agent.load.RingLoad;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is loaded.
final class LoadOptions {
  @Mixin private TableOptions tables = new TableOptions();

  @Option(
      names = "--roles",
      description = "roles and what they may do, too: only into a ring that has none of its own")
  private boolean roles;

  @Option(
      names = "--again",
      description = "go on with a load that was interrupted: the tables may have rows")
  private boolean again;

  @Option(
      names = "--datacenter",
      paramLabel = "OLD=NEW",
      description = "what a datacenter is called in the new ring; may be repeated")
  private Map<String, String> datacenters = Map.of();

  LoadRequest request() {
    return tables.request(roles, again, datacenters);
  }

  /// What a load came to, as a result.
  static Map<String, String> result(RingLoad.Loaded loaded) {
    return Map.of(
        "tables", Integer.toString(loaded.tables()),
        "partitions", Long.toString(loaded.partitions()),
        "rows", Long.toString(loaded.rows()),
        "bytes", Long.toString(loaded.bytes()),
        "sent", Long.toString(loaded.sent()));
  }
}
