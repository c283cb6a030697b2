package dev.chrysalis.recovery.notice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/// Texts and mappings of texts as JSON.
final class Json {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Json() {}

  static String of(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts that cannot be written as JSON", e);
    }
  }
}
