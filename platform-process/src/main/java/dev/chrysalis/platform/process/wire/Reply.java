package dev.chrysalis.platform.process.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.model.Category;

/// What the supervisor answers, one line of JSON each. `Result`, `Refusal` and `Exit` end it.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "re")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Reply.Result.class, name = "result"),
  @JsonSubTypes.Type(value = Reply.Refusal.class, name = "refusal"),
  @JsonSubTypes.Type(value = Reply.Line.class, name = "line"),
  @JsonSubTypes.Type(value = Reply.Beat.class, name = "beat"),
  @JsonSubTypes.Type(value = Reply.Exit.class, name = "exit")
})
public sealed interface Reply {
  record Result(JsonNode value) implements Reply {}

  /// An error of the supervisor's, to be thrown again by the client.
  record Refusal(int code, Category category, String message, String hint) implements Reply {}

  /// A line of an exec'd process's standard output.
  record Line(String text) implements Reply {}

  /// The supervisor is there, only the process has nothing to say. At least every five seconds.
  record Beat() implements Reply {}

  record Exit(int code, String errors) implements Reply {}
}
