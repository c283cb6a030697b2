package dev.chrysalis.vault.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Backend.Created;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.PatternBody;
import dev.chrysalis.vault.backend.RetryPolicy;
import dev.chrysalis.vault.backend.RetryingBackend;
import dev.chrysalis.vault.backend.VaultLocation;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/// What a store's bad days look like, answered by a server that says exactly what the test wants.
final class S3FailureTest {
  private static final S3TimeOuts SHORT =
      new S3TimeOuts(Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(5));

  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server = unbound();
  private ErasingBackend backend = new MemoryBackend();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    backend =
        S3Backend.open(location(), S3Server.CREDENTIALS, S3TimeOuts.standard(), Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    backend.close();
    server.stop(0);
    threads.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "503, SlowDown, THROTTLED",
    "503, ServiceUnavailable, THROTTLED",
    "429, TooManyRequests, THROTTLED",
    "409, ConditionalRequestConflict, THROTTLED",
    "500, InternalError, UNREACHABLE",
    "502, '', UNREACHABLE",
    "400, RequestTimeout, TIMED_OUT",
    "403, AccessDenied, ACCESS_DENIED",
    "403, SignatureDoesNotMatch, ACCESS_DENIED",
    "403, RequestTimeTooSkewed, ACCESS_DENIED",
    "400, ExpiredToken, ACCESS_DENIED",
    "404, NoSuchBucket, BAD_LOCATION",
    "301, PermanentRedirect, BAD_LOCATION",
    "400, AuthorizationHeaderMalformed, BAD_LOCATION",
    "501, NotImplemented, BAD_LOCATION",
    "507, InsufficientStorage, NO_SPACE",
    "403, QuotaExceeded, NO_SPACE"
  })
  void anAnswerIsTranslatedAndTheCallIsMadeOnlyOnce(int status, String code, String name)
      throws ReflectiveOperationException {
    answer(exchange -> refuse(exchange, status, code));
    ErrorCode expected = (ErrorCode) VaultErrors.class.getField(name).get(null);
    assertFails(expected, () -> backend.create("a", Body.of(new byte[10])));
    assertFails(expected, () -> backend.open("a", 0, 1).close());
    assertFails(expected, () -> backend.list("").close());
    assertThat(requests).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource({
    "403, AccessDenied, Access Denied because object protected by object lock., OBJECT_LOCKED",
    "403, AccessDenied, Object is WORM protected and cannot be overwritten, OBJECT_LOCKED",
    "400, ObjectLocked, no, OBJECT_LOCKED",
    "403, AccessDenied, Access Denied, ACCESS_DENIED"
  })
  void whatALockHoldsBackIsToldFromAMissingRight(
      int status, String code, String message, String name) throws ReflectiveOperationException {
    answer(exchange -> refuse(exchange, status, code, message));
    ErrorCode expected = (ErrorCode) VaultErrors.class.getField(name).get(null);
    assertFails(expected, () -> backend.delete("a"));
  }

  @Test
  void aTakenKeyExists() {
    answer(exchange -> refuse(exchange, 412, "PreconditionFailed"));
    assertThat(backend.create("a", Body.of(new byte[10]))).isEqualTo(Created.EXISTS);
  }

  @Test
  void everyCreateAsksForAnAbsentKey() {
    answer(exchange -> {
      exchange.getRequestBody().readAllBytes();
      boolean asks = "*".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
      exchange.sendResponseHeaders(asks ? 200 : 400, -1);
      exchange.close();
    });
    assertThat(backend.create("a", Body.of(new byte[10]))).isEqualTo(Created.NEW);
  }

  @Test
  void theRegionOfAMovedBucketIsNamed() {
    answer(exchange -> {
      exchange.getResponseHeaders().add("x-amz-bucket-region", "eu-north-1");
      refuse(exchange, 301, "PermanentRedirect");
    });
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> backend.open("a", 0, 1))
        .satisfies(e -> assertThat(e.hint()).contains("region=eu-north-1"));
  }

  @Test
  void aServerThatDiesMidReadBreaksTheStream() throws IOException {
    answer(exchange -> serve(exchange, 100_000, 40_000));
    InputStream in = backend.open("a", 0, 100_000);
    assertThatExceptionOfType(IOException.class).isThrownBy(in::readAllBytes);
    in.close();
  }

  @Test
  void aReadThatAServerBrokeOffIsFinished() throws IOException {
    answer(exchange -> {
      long left = 100_000 - first(exchange);
      serve(exchange, left, requests.get() < 4 ? left / 2 : left);
    });
    assertThat(retrying().open("a", 0, 100_000).readAllBytes()).hasSize(100_000);
    assertThat(requests).hasValue(4);
  }

  @Test
  void aSilentServerTimesOut() {
    CountDownLatch end = new CountDownLatch(1);
    answer(exchange -> {
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
    });
    try (Backend hasty =
        S3Backend.open(location(), S3Server.CREDENTIALS, SHORT, Clock.systemUTC())) {
      assertFails(VaultErrors.TIMED_OUT, () -> hasty.open("a", 0, 1));
      assertFails(VaultErrors.TIMED_OUT, () -> hasty.create("a", Body.of(new byte[10])));
    }
    end.countDown();
  }

  @Test
  void aThrottledCallIsTriedAgainByTheDecorator() {
    answer(exchange -> {
      if (requests.get() < 3) {
        refuse(exchange, 503, "SlowDown");
      } else {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
      }
    });
    assertThat(retrying().create("a", Body.of(new byte[10]))).isEqualTo(Created.NEW);
    assertThat(requests).hasValue(3);
  }

  @Test
  void aStoreThatIgnoresRangesIsRefused() {
    answer(exchange -> serve(exchange, 100, 100));
    assertFails(VaultErrors.BAD_LOCATION, () -> backend.open("a", 50, 10));
  }

  @Test
  void missingCredentialsAreSaidToBeMissing() {
    AwsCredentialsProvider none =
        () -> {
          throw SdkClientException.create(
              "Unable to load credentials from any of the providers in the chain");
        };
    try (Backend poor = S3Backend.open(location(), none, SHORT, Clock.systemUTC())) {
      assertFails(VaultErrors.ACCESS_DENIED, () -> poor.size("a"));
    }
  }

  @Test
  void anUploadHoldsLittleOfItsBody() {
    answer(exchange -> {
      discard(exchange.getRequestBody());
      boolean asked =
          exchange.getRequestMethod().equals("HEAD")
              && exchange.getRequestURI().getPath().endsWith("/a");
      exchange.sendResponseHeaders(asked ? 404 : 200, -1);
      exchange.close();
    });
    WatchedBody body = new WatchedBody(new PatternBody(64 << 20, 1), 60 << 20);
    long before = WatchedBody.liveHeap();
    assertThat(backend.create("a", body)).isEqualTo(Created.NEW);
    assertThat(body.liveHeapSeen()).isPositive().isLessThan(before + (16 << 20));
  }

  private static void discard(InputStream in) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    while (in.read(buffer) >= 0) {
      // What the store does with it is not of interest here.
    }
  }

  @Test
  void anInterruptedThreadIsToldSo() {
    answer(exchange -> serve(exchange, 1, 1));
    Thread.currentThread().interrupt();
    assertFails(VaultErrors.INTERRUPTED, () -> backend.open("a", 0, 1));
    assertThat(Thread.interrupted()).isTrue();
  }

  private void answer(HttpHandler handler) {
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          handler.handle(exchange);
        });
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    refuse(exchange, status, code, "no");
  }

  private static void refuse(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body =
        ("<?xml version=\"1.0\"?><Error><Code>"
                + code
                + "</Code><Message>"
                + message
                + "</Message></Error>")
            .getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /// Promises so many bytes and hands out fewer before it hangs up.
  private static void serve(HttpExchange exchange, long promised, long given) throws IOException {
    exchange.sendResponseHeaders(200, promised);
    exchange.getResponseBody().write(new byte[(int) given]);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  private static long first(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    exchange.getResponseHeaders().add("Content-Range", range.replace('=', ' ') + "/100000");
    return Long.parseLong(range.substring("bytes=".length(), range.indexOf('-')));
  }

  private VaultLocation.InS3 location() {
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new VaultLocation.InS3(S3Server.BUCKET, "", null, endpoint, true, null);
  }

  private Backend retrying() {
    RetryPolicy policy =
        new RetryPolicy(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofMinutes(1));
    return new RetryingBackend(backend, policy, wait -> {}, new Random(1), System::nanoTime);
  }

  private static HttpServer unbound() {
    try {
      return HttpServer.create();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .satisfies(e -> assertThat(e.hint()).isNotBlank());
  }
}
