package dev.chrysalis.recovery.checklist.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// HTTP that nobody waits long for: an answer must be there whole in time, and may not be larger
/// than a bound. Redirects are not followed. Nothing that a server does is an exception. Safe for
/// many threads.
public final class BoundedHttp implements AutoCloseable {
  private final Duration patience;
  private final long mostBytes;

  private @Nullable HttpClient http;

  /// @param patience within which the whole answer must be there
  public BoundedHttp(Duration patience, long mostBytes) {
    this.patience = patience;
    this.mostBytes = mostBytes;
  }

  /// Sends a request.
  public Answer send(HttpRequest request) {
    CompletableFuture<HttpResponse<String>> asked =
        http().sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), mostBytes));
    try {
      // A time-out of the request itself would end with the headers, and a body can trickle.
      HttpResponse<String> answer = asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(answer.statusCode(), answer.body());
    } catch (TimeoutException e) {
      return new Answer(0, "no answer within " + patience.toMillis() + " ms");
    } catch (ExecutionException e) {
      return new Answer(0, "no answer: " + why(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "interrupted");
    } finally {
      asked.cancel(true);
    }
  }

  private String why(@Nullable Throwable cause) {
    if (cause instanceof IOException && String.valueOf(cause.getMessage()).contains("exceeds")) {
      return "more than " + mostBytes + " bytes";
    }
    return cause == null ? "unknown" : cause.getClass().getSimpleName();
  }

  /// Made when it is first asked for: it reads all certificates that the machine trusts, which
  /// takes longer than most commands.
  private synchronized HttpClient http() {
    HttpClient known = http;
    if (known == null) {
      known =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(patience)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
      http = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (http != null) {
      http.shutdownNow();
      http.close();
    }
  }
}
