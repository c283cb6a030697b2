package dev.chrysalis.model.stack;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/// A YAML text that remembers on which line each field stands.
final class YamlText {
  private final String name;
  private final JsonNode root;
  private final Map<String, Integer> lines = new HashMap<>();

  YamlText(String name, String text) {
    this.name = name;
    ObjectMapper yaml =
        new ObjectMapper(
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
    try (JsonParser parser = yaml.getFactory().createParser(text)) {
      root = yaml.readTree(text);
      findLines(parser);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new ChrysalisException(
          StackErrors.NOT_YAML,
          name + " line " + line + ": " + e.getOriginalMessage().lines().findFirst().orElse(""),
          "correct the YAML there; indentation is by spaces",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  YamlFields fields() {
    return new YamlFields(this, "", root);
  }

  ChrysalisException error(ErrorCode code, String path, String why) {
    return new ChrysalisException(
        code,
        name + " line " + line(path) + ": " + (path.isEmpty() ? "the file" : path) + " " + why,
        "docs/stack-file.md lists the keys with an example");
  }

  private int line(String path) {
    Integer line = lines.get(path);
    if (line != null || path.isEmpty()) {
      return line == null ? 1 : line;
    }
    int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return line(path.substring(0, Math.max(cut, 0)));
  }

  private void findLines(JsonParser parser) throws IOException {
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      String path =
          parser
              .getParsingContext()
              .pathAsPointer()
              .toString()
              .replaceAll("/(\\d+)(?=/|$)", "[$1]")
              .replace('/', '.');
      lines.putIfAbsent(
          path.startsWith(".") ? path.substring(1) : path,
          parser.currentTokenLocation().getLineNr());
    }
  }
}
