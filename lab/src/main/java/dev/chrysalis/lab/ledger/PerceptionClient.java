package dev.chrysalis.lab.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.lab.LabErrors;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One replica of perception over HTTP. Safe for many threads; the HTTP client is the caller's.
public final class PerceptionClient implements RimWriter, RimReader {
  private static final Duration WRITE_PATIENCE = Duration.ofSeconds(3);
  private static final Duration READ_PATIENCE = Duration.ofSeconds(15);
  private static final int PAGE = 5_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI base;

  /// @param base `http://127.1.2.3:8080`
  public PerceptionClient(HttpClient http, URI base) {
    this.http = http;
    this.base = base;
  }

  @Override
  public boolean write(long id, String value) throws InterruptedException {
    String body = JSON.createObjectNode().put("id", id).put("value", value).toString();
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve("/api/rims"))
            .timeout(WRITE_PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 201;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public List<Rim> page(long after) {
    HttpResponse<String> answer = get("/api/rims?after=" + after + "&limit=" + PAGE);
    if (answer.statusCode() != 200) {
      throw unreadable("answered with " + answer.statusCode(), null);
    }
    try {
      List<Rim> rims = new ArrayList<>();
      for (JsonNode rim : JSON.readTree(answer.body())) {
        rims.add(new Rim(rim.path("id").longValue(), rim.path("value").asText()));
      }
      return rims;
    } catch (IOException e) {
      throw unreadable("answered with something that is not JSON", e);
    }
  }

  /// Whether the service says that it is ready.
  public boolean ready() {
    return get("/actuator/health/readiness").statusCode() == 200;
  }

  private HttpResponse<String> get(String path) {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).timeout(READ_PATIENCE).build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw unreadable("does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          LabErrors.INTERRUPTED, "interrupted while reading from " + base, "run it again", e);
    }
  }

  private ChrysalisException unreadable(String what, @Nullable Exception cause) {
    return new ChrysalisException(
        LabErrors.PERCEPTION,
        "perception at " + base + " " + what,
        "see chrysalis lab status for what is running",
        cause);
  }
}
