package dev.chrysalis.vault.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chrysalis.vault.DamagedObject;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.seal.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A proof as JSON, and back.
final class ProofText {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ProofText() {}

  static byte[] write(Proof proof) {
    ObjectNode json = JSON.createObjectNode();
    json.put("level", proof.level().word());
    json.put("intact", proof.intact());
    json.put("at", proof.at().toString());
    json.put("by", proof.by());
    json.put("fraction", proof.fraction());
    ArrayNode logs = json.putArray("logs");
    for (LogRange range : proof.logs()) {
      logs.addObject()
          .put("stream", range.log().stream())
          .put("from", range.from())
          .put("to", range.to());
    }
    ArrayNode damaged = json.putArray("damaged");
    proof.damaged().forEach(d -> damaged.addObject().put("key", d.key()).put("why", d.why()));
    ObjectNode facts = json.putObject("facts");
    new TreeMap<>(proof.facts()).forEach(facts::put);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// The proof, or empty where it is of a level that this program does not know.
  static Optional<Proof> read(String key, String store, SnapshotId snapshot, byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      String word = json.path("level").asText();
      Optional<Proof.Level> level =
          Arrays.stream(Proof.Level.values()).filter(l -> l.word().equals(word)).findFirst();
      return level.map(known -> read(known, store, snapshot, json));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw Damage.damaged(key, "it does not hold what a proof holds", e);
    }
  }

  private static Proof read(Proof.Level level, String store, SnapshotId snapshot, JsonNode json) {
    List<LogRange> logs = new ArrayList<>();
    for (JsonNode log : json.path("logs")) {
      LogName name = new LogName(store, log.path("stream").asText());
      logs.add(new LogRange(name, log.path("from").asLong(-1), log.path("to").asLong(-1)));
    }
    List<DamagedObject> damaged = new ArrayList<>();
    for (JsonNode each : json.path("damaged")) {
      damaged.add(new DamagedObject(each.path("key").asText(), each.path("why").asText()));
    }
    Map<String, String> facts = new TreeMap<>();
    json.path("facts").properties().forEach(f -> facts.put(f.getKey(), f.getValue().asText()));
    return new Proof(
        store,
        snapshot,
        level,
        json.path("intact").asBoolean(),
        Instant.parse(json.path("at").asText()),
        json.path("by").asText(),
        json.path("fraction").asDouble(),
        logs,
        damaged,
        facts);
  }
}
