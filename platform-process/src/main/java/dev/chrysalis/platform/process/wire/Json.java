package dev.chrysalis.platform.process.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.chrysalis.platform.Fencing;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The JSON of the socket and of the state directory.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addMixIn(Fencing.class, FencingForm.class)
          .build();

  private Json() {}

  /// One line, without its end.
  public static byte[] line(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads what `line` wrote; an `IOException` where it is something else.
  public static <T> T read(byte[] line, Class<T> type) throws IOException {
    T value = MAPPER.readValue(line, type);
    if (value == null) {
      throw new IOException("null where a " + type.getSimpleName() + " belongs");
    }
    return value;
  }

  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  public static <T> T value(JsonNode tree, Class<T> type) throws IOException {
    return MAPPER.treeToValue(tree, type);
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Fencing.Proven.class, name = "proven"),
    @JsonSubTypes.Type(value = Fencing.NotFenced.class, name = "not-fenced"),
    @JsonSubTypes.Type(value = Fencing.Unknown.class, name = "unknown")
  })
  private interface FencingForm {}
}
