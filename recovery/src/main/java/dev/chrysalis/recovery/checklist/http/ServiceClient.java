package dev.chrysalis.recovery.checklist.http;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;

/// Speaks HTTP to services. Redirects are not followed; an answer is waited for 5 s, and read up to
/// 8 MiB. Safe for many threads.
public final class ServiceClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long MOST_BYTES = 8L << 20;

  private final BoundedHttp http = new BoundedHttp(PATIENCE, MOST_BYTES);

  /// Asks a member of a service.
  public Answer ask(String address, int port, String method, String path, String body) {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @Override
  public void close() {
    http.close();
  }
}
