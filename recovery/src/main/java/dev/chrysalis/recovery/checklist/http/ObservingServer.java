package dev.chrysalis.recovery.checklist.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.model.stack.ServerReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Asks one server that observes the services, and reads its JSON. Whatever it does or answers is
/// no exception. Reasons name neither the credentials nor what the server wrote. Safe for many
/// threads.
public final class ObservingServer {
  private final String name;
  private final ServerReference reference;
  private final Map<String, String> headers;
  private final BoundedHttp http;
  private final ObjectMapper json = new ObjectMapper();

  /// @param name as people call it: `Prometheus`
  public ObservingServer(
      String name, ServerReference reference, Map<String, String> headers, BoundedHttp http) {
    this.name = name;
    this.reference = reference;
    this.headers = Map.copyOf(headers);
    this.http = http;
  }

  /// Asks by GET.
  ///
  /// @param pathAndQuery what follows the URL, encoded
  public Asked<JsonNode> get(String pathAndQuery) {
    return ask(pathAndQuery, "", "");
  }

  /// Asks by POST.
  ///
  /// @param type the body's media type
  public Asked<JsonNode> post(String pathAndQuery, String type, String body) {
    return ask(pathAndQuery, type, body);
  }

  /// The server says what it was not to say.
  public <T> Asked<T> misunderstood() {
    return new Asked.Unanswered<>(name + " answers what is not its API");
  }

  private Asked<JsonNode> ask(String path, String type, String body) {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(reference.url() + path));
      headers.forEach(request::header);
      authorization().ifPresent(value -> request.header("Authorization", value));
      if (!type.isEmpty()) {
        request.header("Content-Type", type);
        request.POST(HttpRequest.BodyPublishers.ofString(body));
      }
      return read(http.send(request.build()));
    } catch (IllegalArgumentException e) {
      // The message would quote the header.
      return new Asked.Unanswered<>(name + " cannot be asked: its address or header is not valid");
    } catch (IOException | UncheckedIOException e) {
      return new Asked.Unanswered<>(name + " cannot be asked: its authorizationFile is unreadable");
    }
  }

  private Asked<JsonNode> read(Answer answer) {
    if (answer.status() == 0) {
      return new Asked.Unanswered<>(name + ": " + answer.body());
    }
    if (answer.status() != 200) {
      return new Asked.Unanswered<>(name + " answers with status " + answer.status());
    }
    try {
      JsonNode tree = json.readTree(answer.body());
      return tree.isObject() ? new Asked.Answered<>(tree) : misunderstood();
    } catch (JsonProcessingException e) {
      return misunderstood();
    }
  }

  private Optional<String> authorization() throws IOException {
    Optional<Path> file = reference.authorizationFile();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file.get())) {
      return Optional.of(lines.findFirst().orElse("").strip());
    }
  }
}
