package dev.chrysalis.vault.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.seal.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the catalog says of a session: that it is a snapshot, or that it was abandoned.
final class CatalogRecord {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CatalogRecord() {}

  static byte[] write(Snapshot snapshot, int packs) {
    ObjectNode json = JSON.createObjectNode();
    json.put("kind", "snapshot");
    json.put("started", snapshot.startedAt().toString());
    json.put("completed", snapshot.completedAt().toString());
    ObjectNode facts = json.putObject("facts");
    new TreeMap<>(snapshot.facts()).forEach(facts::put);
    json.put("files", snapshot.files());
    json.put("bytes", snapshot.bytes());
    json.put("newBytes", snapshot.newBytes());
    json.put("storedBytes", snapshot.storedBytes());
    json.put("packs", packs);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// The snapshot, or empty where the session was abandoned.
  static Optional<Snapshot> read(String key, String store, SnapshotId id, byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      return switch (json.path("kind").asText()) {
        case "snapshot" -> Optional.of(snapshot(store, id, json));
        case "abandoned" -> Optional.empty();
        default -> throw Damage.damaged(key, "an unknown kind of record");
      };
    } catch (IOException | DateTimeException e) {
      throw Damage.damaged(key, "it does not hold what a catalog record holds", e);
    }
  }

  private static Snapshot snapshot(String store, SnapshotId id, JsonNode json) {
    Map<String, String> facts = new TreeMap<>();
    json.path("facts").properties().forEach(f -> facts.put(f.getKey(), f.getValue().asText()));
    return new Snapshot(
        id,
        store,
        Instant.parse(json.path("started").asText()),
        Instant.parse(json.path("completed").asText()),
        facts,
        json.path("files").asLong(),
        json.path("bytes").asLong(),
        json.path("newBytes").asLong(),
        json.path("storedBytes").asLong());
  }
}
