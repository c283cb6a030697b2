package dev.chrysalis.lab.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.lab.LabErrors;
import dev.chrysalis.lab.LabService;
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

/// One member of a service over HTTP. Safe for many threads; the HTTP client is the caller's.
public final class ServiceClient implements ItemWriter, ItemReader {
  private static final Duration WRITE_PATIENCE = Duration.ofSeconds(3);
  private static final Duration READ_PATIENCE = Duration.ofSeconds(15);
  private static final int PAGE = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI base;
  private final LabService service;

  /// @param base `http://127.1.2.3:8080`
  /// @param service whose member that is
  public ServiceClient(HttpClient http, URI base, LabService service) {
    this.http = http;
    this.base = base;
    this.service = service;
  }

  @Override
  public boolean write(long id, String value) throws InterruptedException {
    String body = JSON.createObjectNode().put("id", id).put("value", value).toString();
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(service.collection()))
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
  public List<Item> page(long after) {
    HttpResponse<String> answer = get(service.collection() + "?after=" + after + "&limit=" + PAGE);
    if (answer.statusCode() != 200) {
      throw unreadable("answered with " + answer.statusCode(), null);
    }
    try {
      List<Item> items = new ArrayList<>();
      for (JsonNode item : JSON.readTree(answer.body())) {
        items.add(new Item(item.path("id").longValue(), item.path("value").asText()));
      }
      return items;
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
        LabErrors.SERVICE,
        service.word() + " at " + base + " " + what,
        "see chrysalis lab status for what is running",
        cause);
  }
}
