package dev.chrysalis.recovery.checklist;

import dev.chrysalis.recovery.checklist.http.FakeServer;
import dev.chrysalis.recovery.checklist.http.FakeServer.Reply;
import dev.chrysalis.recovery.checklist.http.FakeServer.Request;
import dev.chrysalis.recovery.checklist.http.FakeServer.Says;
import java.util.concurrent.atomic.AtomicInteger;

/// A service with its health, its metrics and one sample request, on every member's address.
final class FakeService implements AutoCloseable {
  private final FakeServer server = new FakeServer(this::answer);
  private final AtomicInteger scrapes = new AtomicInteger();
  private final AtomicInteger samples = new AtomicInteger();
  private volatile int health = 200;
  private volatile int sample = 200;
  private volatile Metrics metrics = Metrics.GROWS;
  private volatile int errorsSoFar;
  private volatile int errorsAtEachScrape;

  /// What its page of metrics does.
  enum Metrics {
    GROWS,
    STANDS,
    IS_NO_PAGE,
    IS_MISSING,
    UNDECLARED
  }

  int port() {
    return server.port();
  }

  void health(int status) {
    health = status;
  }

  void sample(int status) {
    sample = status;
  }

  void metrics(Metrics now) {
    metrics = now;
  }

  void errorsSoFar(int errors) {
    errorsSoFar = errors;
  }

  void errorsAtEachScrape(int errors) {
    errorsAtEachScrape = errors;
  }

  int samples() {
    return samples.get();
  }

  private Reply answer(Request request) {
    return switch (request.uri().getPath()) {
      case "/health" -> new Says(health, "");
      case "/metrics" -> page();
      default -> {
        samples.incrementAndGet();
        yield new Says(sample, "");
      }
    };
  }

  private Reply page() {
    int count = metrics == Metrics.STANDS ? 0 : scrapes.incrementAndGet();
    return switch (metrics) {
      case IS_NO_PAGE -> new Says(200, "<html>");
      case IS_MISSING -> new Says(404, "");
      case GROWS, STANDS, UNDECLARED -> new Says(200, page(count));
    };
  }

  /// As in a real service, a series begins with its first error.
  private String page(int count) {
    int errors = errorsSoFar + count * errorsAtEachScrape;
    String failed = "http_server_requests_seconds_count{status=\"500\",uri=\"/api/rims\"} ";
    return """
    process_uptime_seconds %d.5
    http_server_requests_seconds_count{status="200",uri="/health"} 12
    """
            .formatted(count)
        + (errors == 0 ? "" : failed + errors + "\n");
  }

  @Override
  public void close() {
    server.close();
  }
}
