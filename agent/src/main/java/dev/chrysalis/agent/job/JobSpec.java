package dev.chrysalis.agent.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.chrysalis.model.Token;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a job was started with.
///
/// @param task the agent's command
/// @param token the token under which it was first started
record JobSpec(List<String> task, Token token, Instant createdAt) {
  JobSpec {
    task = List.copyOf(task);
  }

  String toJson() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    task.forEach(node.putArray("task")::add);
    node.put("token", token.value()).put("createdAt", createdAt.toString());
    return node + "\n";
  }

  static JobSpec fromJson(String text) throws IOException {
    try {
      JsonNode node = new ObjectMapper().readTree(text);
      List<String> task = new ArrayList<>();
      node.path("task").forEach(word -> task.add(word.asText()));
      return new JobSpec(
          task,
          new Token(node.path("token").asLong()),
          Instant.parse(node.path("createdAt").asText()));
    } catch (JsonProcessingException | RuntimeException e) {
      throw new IOException("not a job's specification: " + e.getMessage(), e);
    }
  }
}
