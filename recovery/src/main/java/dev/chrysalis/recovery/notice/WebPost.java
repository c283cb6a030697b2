package dev.chrysalis.recovery.notice;

import dev.chrysalis.model.stack.NoticeChannel.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Posts JSON over HTTP, and says what the answer means. Redirects are not followed: what is told
/// goes where the stack file says. Safe for many threads.
final class WebPost implements AutoCloseable {
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY = 429;

  private final Clock clock;
  private final Duration patience;
  private @Nullable HttpClient http;

  WebPost(Clock clock, Duration patience) {
    this.clock = clock;
    this.patience = patience;
  }

  /// Throws `NOTICE_NOT_READY` where the address cannot be had.
  Answer post(Endpoint endpoint, String body, Map<String, String> headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address(endpoint));
    headers.forEach(request::header);
    return send(request.timeout(patience).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private Answer send(HttpRequest request) {
    try {
      HttpResponse<InputStream> answer =
          client().send(request, HttpResponse.BodyHandlers.ofInputStream());
      // The status says all; a body that never ends is not waited for.
      answer.body().close();
      return meaning(answer);
    } catch (HttpTimeoutException e) {
      return Answer.Later.because("no answer within " + patience.toSeconds() + " s");
    } catch (IOException e) {
      return Answer.Later.because("no connection (" + e.getClass().getSimpleName() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.Later.because("interrupted");
    }
  }

  private Answer meaning(HttpResponse<?> answer) {
    int status = answer.statusCode();
    String words = "answered " + status;
    if (status / 100 == 2) {
      return new Answer.Delivered(words);
    }
    boolean mayPass =
        status >= 500 || status == REQUEST_TIMEOUT || status == TOO_EARLY || status == TOO_MANY;
    return mayPass
        ? new Answer.Later(words, answer.headers().firstValue("Retry-After").flatMap(this::after))
        : new Answer.Refused(words);
  }

  /// `Retry-After` in seconds or as a date; empty where it is neither.
  private Optional<Duration> after(String value) {
    try {
      return Optional.of(Duration.ofSeconds(Math.max(0, Integer.parseInt(value.strip()))));
    } catch (NumberFormatException e) {
      return date(value);
    }
  }

  private Optional<Duration> date(String value) {
    try {
      Instant then = DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.strip(), Instant::from);
      Duration left = Duration.between(clock.instant(), then);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static URI address(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Written written -> URI.create(written.url());
      case Endpoint.InFile in -> secret(new SecretFile("urlFile", in.file()));
    };
  }

  private static URI secret(SecretFile file) {
    try {
      URI uri = new URI(file.read());
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Its message holds the address, which is the secret.
      throw file.unusable("holds no address");
    }
    throw file.unusable("holds no http(s) address");
  }

  /// Made when it is first needed: it reads all certificates that the machine trusts.
  private synchronized HttpClient client() {
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

  /// Cuts off what is under way.
  @Override
  public synchronized void close() {
    if (http != null) {
      http.shutdownNow();
    }
  }
}
