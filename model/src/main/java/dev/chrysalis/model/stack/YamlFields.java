package dev.chrysalis.model.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The fields of one mapping of a YAML file. Every key that is asked for counts as known; `end`
/// refuses all others. Messages name the file, line and field.
final class YamlFields {
  private final YamlText text;
  private final String path;
  private final JsonNode node;
  private final Set<String> known = new LinkedHashSet<>();

  YamlFields(YamlText text, String path, JsonNode node) {
    this.text = text;
    this.path = path;
    this.node = node;
    if (!node.isObject() && !node.isMissingNode()) {
      throw error(StackErrors.BAD_VALUE, path, "must be a mapping of keys");
    }
  }

  String text(String key) {
    JsonNode value = get(key);
    if (value.isMissingNode()) {
      throw error(StackErrors.MISSING_KEY, path, "lacks the key '" + key + "'");
    }
    if (!value.isValueNode() || value.isNull() || value.asText().isEmpty()) {
      throw bad(key, "must be a text");
    }
    return value.asText();
  }

  boolean has(String key) {
    return !get(key).isMissingNode();
  }

  String textOr(String key, String otherwise) {
    return get(key).isMissingNode() ? otherwise : text(key);
  }

  int numberOr(String key, int otherwise, int least, int most) {
    JsonNode value = get(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      throw bad(key, "must be a whole number from " + least + " to " + most);
    }
    return value.intValue();
  }

  Duration durationOr(String key, Duration otherwise) {
    return get(key).isMissingNode() ? otherwise : parsed(key, Durations::parse);
  }

  /// The text of a key, turned into something else; an `IllegalArgumentException` becomes an error
  /// at the key's line.
  <T> T parsed(String key, Function<String, T> parse) {
    String value = text(key);
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      throw bad(key, String.valueOf(e.getMessage()));
    }
  }

  List<String> texts(String key) {
    List<String> all = new ArrayList<>();
    for (JsonNode item : list(key)) {
      if (!item.isTextual()) {
        throw bad(key, "must be a list of names");
      }
      all.add(item.asText());
    }
    return all;
  }

  /// All keys of this mapping, which are free but for their form, with their texts.
  Map<String, String> allTexts(String form) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> e : node.properties()) {
      if (!e.getKey().matches(form)) {
        throw error(StackErrors.BAD_VALUE, path(e.getKey()), "is not a name that fits here");
      }
      all.put(e.getKey(), text(e.getKey()));
    }
    return all;
  }

  <T> List<T> objects(String key, Function<YamlFields, T> each) {
    List<T> all = new ArrayList<>();
    for (JsonNode item : list(key)) {
      all.add(read(path(key) + "[" + all.size() + "]", item, each));
    }
    return all;
  }

  <T> Map<String, T> named(String key, String form, NamedReader<T> each) {
    Map<String, T> all = new LinkedHashMap<>();
    YamlFields mapping = new YamlFields(text, path(key), get(key));
    for (Map.Entry<String, JsonNode> e : mapping.node.properties()) {
      if (!e.getKey().matches(form)) {
        throw error(StackErrors.BAD_VALUE, path(key) + "." + e.getKey(), "is not a plain name");
      }
      String at = path(key) + "." + e.getKey();
      all.put(e.getKey(), read(at, e.getValue(), fields -> each.read(e.getKey(), fields)));
    }
    return all;
  }

  <T> T object(String key, Function<YamlFields, T> reader) {
    return read(path(key), get(key), reader);
  }

  void end() {
    for (Map.Entry<String, JsonNode> e : node.properties()) {
      if (!known.contains(e.getKey())) {
        throw error(
            StackErrors.UNKNOWN_KEY,
            path(e.getKey()),
            "is no key here; known are: " + String.join(", ", known));
      }
    }
  }

  ChrysalisException bad(String key, String why) {
    return error(StackErrors.BAD_VALUE, path(key), why);
  }

  /// This mapping itself is wrong.
  ChrysalisException none(String why) {
    return error(StackErrors.BAD_VALUE, path, why);
  }

  ChrysalisException error(ErrorCode code, String at, String why) {
    return text.error(code, at, why);
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private <T> T read(String at, JsonNode value, Function<YamlFields, T> reader) {
    YamlFields fields = new YamlFields(text, at, value);
    T result = reader.apply(fields);
    fields.end();
    return result;
  }

  private Iterable<JsonNode> list(String key) {
    JsonNode value = get(key);
    if (value.isMissingNode()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw bad(key, "must be a list");
    }
    return value;
  }

  private JsonNode get(String key) {
    known.add(key);
    JsonNode value = node.get(key);
    return value == null ? MissingNode.getInstance() : value;
  }

  /// Reads the mapping under a name.
  interface NamedReader<T> {
    T read(String name, YamlFields fields);
  }
}
