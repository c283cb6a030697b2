package dev.chrysalis.platform.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How agents and controllers write to each other: one JSON object in each line, without line
/// breaks in it. Events are `{"n":3,"at":"…","event":"progress",…}`, states
/// `{"state":"running",…}`. Fields that a reader does not know are skipped, so that old controllers
/// understand newer agents. Safe for many threads.
public final class JobLines {
  private final ObjectMapper json = new ObjectMapper();

  /// The line of an event, without a line break.
  public String encode(JobLine line) {
    ObjectNode node = json.createObjectNode();
    node.put("n", line.n()).put("at", line.at().toString());
    switch (line.event()) {
      case JobEvent.Progress p -> progress(node.put("event", "progress"), p);
      case JobEvent.Note n -> node.put("event", "note").put("text", n.text());
      case JobEvent.Done d -> node.put("event", "done").set("result", texts(d.result()));
      case JobEvent.Failed f ->
          failed(node.put("event", "failed"), f.code(), f.message(), f.hint());
    }
    return node.toString();
  }

  /// Reads an event's line; empty when it is none (a line cut short, something else's output).
  public Optional<JobLine> decode(String line) {
    JsonNode node = parse(line);
    if (!node.path("n").isIntegralNumber() || node.path("n").asLong() < 0) {
      return Optional.empty();
    }
    Instant at;
    try {
      at = Instant.parse(node.path("at").asText());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
    return event(node).map(e -> new JobLine(node.path("n").asLong(), at, e));
  }

  /// The line of a state, without a line break.
  public String encode(JobState state) {
    ObjectNode node = json.createObjectNode();
    switch (state) {
      case JobState.NotStarted _ -> node.put("state", "not-started");
      case JobState.Running r ->
          progress(node.put("state", "running").put("attempt", r.attempt()), r.last());
      case JobState.Done d -> node.put("state", "done").set("result", texts(d.result()));
      case JobState.Failed f ->
          failed(node.put("state", "failed"), f.code(), f.message(), f.hint());
      case JobState.Lost l -> node.put("state", "lost").put("attempt", l.attempt());
    }
    return node.toString();
  }

  /// Reads a state's line; empty when it is none.
  public Optional<JobState> decodeState(String line) {
    JsonNode node = parse(line);
    return switch (node.path("state").asText()) {
      case "not-started" -> Optional.of(new JobState.NotStarted());
      case "running" ->
          Optional.of(new JobState.Running(node.path("attempt").asInt(1), progress(node)));
      case "done" -> Optional.of(new JobState.Done(map(node.path("result"))));
      case "failed" ->
          Optional.of(new JobState.Failed(text(node, "code"), text(node, "message"), hint(node)));
      case "lost" -> Optional.of(new JobState.Lost(node.path("attempt").asInt(1)));
      default -> Optional.empty();
    };
  }

  private static Optional<JobEvent> event(JsonNode node) {
    return switch (node.path("event").asText()) {
      case "progress" -> Optional.of(progress(node));
      case "note" -> Optional.of(new JobEvent.Note(text(node, "text")));
      case "done" -> Optional.of(new JobEvent.Done(map(node.path("result"))));
      case "failed" ->
          Optional.of(new JobEvent.Failed(text(node, "code"), text(node, "message"), hint(node)));
      default -> Optional.empty();
    };
  }

  private JsonNode parse(String line) {
    if (!line.startsWith("{")) {
      return json.missingNode();
    }
    try {
      return json.readTree(line);
    } catch (JsonProcessingException e) {
      return json.missingNode();
    }
  }

  private static void progress(ObjectNode node, JobEvent.Progress p) {
    node.put("stage", p.stage()).put("done", p.done()).put("total", p.total());
  }

  private static JobEvent.Progress progress(JsonNode node) {
    return new JobEvent.Progress(
        text(node, "stage"), node.path("done").asLong(), node.path("total").asLong());
  }

  private static void failed(ObjectNode node, String code, String message, String hint) {
    node.put("code", code).put("message", message).put("hint", hint);
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  private static String hint(JsonNode node) {
    return text(node, "hint");
  }

  private ObjectNode texts(Map<String, String> map) {
    ObjectNode node = json.createObjectNode();
    new TreeMap<>(map).forEach(node::put);
    return node;
  }

  private static Map<String, String> map(JsonNode node) {
    Map<String, String> map = new LinkedHashMap<>();
    node.properties().forEach(e -> map.put(e.getKey(), e.getValue().asText()));
    return map;
  }
}
