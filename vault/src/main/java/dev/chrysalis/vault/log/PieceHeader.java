package dev.chrysalis.vault.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.seal.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// The first frame of a piece.
///
/// @param gap whether the piece stands for a stretch that was lost
record PieceHeader(LogPiece piece, boolean gap) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  long to() {
    return piece.to();
  }

  byte[] bytes() {
    ObjectNode json = JSON.createObjectNode();
    json.put("from", piece.from());
    json.put("to", piece.to());
    json.put("sealedAt", piece.sealedAt().toString());
    json.put("gap", gap);
    ObjectNode facts = json.putObject("facts");
    new TreeMap<>(piece.facts()).forEach(facts::put);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  static PieceHeader read(String key, long from, byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      Map<String, String> facts = new TreeMap<>();
      json.path("facts").properties().forEach(f -> facts.put(f.getKey(), f.getValue().asText()));
      LogPiece piece =
          new LogPiece(
              json.path("from").asLong(-1),
              json.path("to").asLong(-1),
              Instant.parse(json.path("sealedAt").asText()),
              facts);
      if (piece.from() != from) {
        throw Damage.damaged(key, "it says that it begins at " + piece.from());
      }
      return new PieceHeader(piece, json.path("gap").asBoolean());
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw Damage.damaged(key, "its header is not one of a log's piece", e);
    }
  }
}
