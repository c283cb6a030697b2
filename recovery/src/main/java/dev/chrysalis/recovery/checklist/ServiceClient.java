package dev.chrysalis.recovery.checklist;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Speaks HTTP to services. Redirects are not followed; an answer is waited for 5 s. Safe for many
/// threads.
public final class ServiceClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private @Nullable HttpClient http;

  /// What a service answered; status 0 where there was no answer, with the reason as the body.
  public record Answer(int status, String body) {}

  public Answer ask(String address, int port, String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http().send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      return new Answer(0, "no answer: " + e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "interrupted");
    }
  }

  /// Made when it is first asked for: it reads all certificates that the machine trusts, which
  /// takes longer than most commands.
  private synchronized HttpClient http() {
    HttpClient known = http;
    if (known == null) {
      known =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(PATIENCE)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
      http = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (http != null) {
      http.close();
    }
  }
}
