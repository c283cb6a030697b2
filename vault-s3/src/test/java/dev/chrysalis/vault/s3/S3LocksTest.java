package dev.chrysalis.vault.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLock.Mode;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.backend.ObjectLocks.Place;
import dev.chrysalis.vault.backend.VaultLocation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is asked of a store about locks, and what its answers mean, with a server that gives just
/// the answer that the test wants.
final class S3LocksTest {
  private static final Instant NOW = Instant.parse("2026-11-26T02:15:30Z");
  private static final ObjectLock LOCK = new ObjectLock(Mode.COMPLIANCE, 30);

  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final HttpServer server;
  private final ObjectLocks locks;

  S3LocksTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    locks = S3Locks.open(location(LOCK), S3Server.CREDENTIALS, S3TimeOuts.standard());
  }

  private record Request(String method, String query, HttpExchange exchange, String body) {
    Optional<String> header(String name) {
      return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }
  }

  private record Answer(int status, String body) {
    static Answer error(int status, String code, String message) {
      return new Answer(
          status, "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, message));
    }
  }

  @BeforeEach
  void start() {
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    locks.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String query = String.valueOf(exchange.getRequestURI().getRawQuery());
    requests.add(new Request(exchange.getRequestMethod(), query, exchange, body));
    Answer answer = answers.isEmpty() ? new Answer(200, "") : answers.poll();
    byte[] bytes = answer.body.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private VaultLocation.InS3 location(ObjectLock lock) {
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new VaultLocation.InS3("bucket", "vault", null, endpoint, true, lock);
  }

  private Backend backend(ObjectLock lock) {
    return S3Backend.open(
        location(lock),
        S3Server.CREDENTIALS,
        S3TimeOuts.standard(),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @Test
  void everyCreateSetsTheDeclaredLockAndSendsTheChecksumThatS3WantsWithIt() {
    try (Backend backend = backend(LOCK)) {
      backend.create("a", Body.of("content".getBytes(UTF_8)));
    }

    Request put = requests.getFirst();
    assertThat(put.header("x-amz-object-lock-mode")).hasValue("COMPLIANCE");
    assertThat(put.header("x-amz-object-lock-retain-until-date")).hasValue("2026-12-26T02:15:30Z");
    assertThat(put.header("x-amz-sdk-checksum-algorithm")).hasValue("CRC32");
    assertThat(put.header("If-None-Match")).hasValue("*");
    assertThat(put.header("x-amz-bypass-governance-retention")).isEmpty();
  }

  @Test
  void withoutADeclaredLockACreateSaysNothingOfLocks() {
    try (Backend backend = backend(null)) {
      backend.create("a", Body.of("content".getBytes(UTF_8)));
    }

    assertThat(requests.getFirst().exchange.getRequestHeaders().keySet())
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("lock"))
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("checksum"));
  }

  @ParameterizedTest
  @CsvSource({
    "400, InvalidRequest, Bucket is missing ObjectLockConfiguration, CANNOT_LOCK",
    "400, InvalidRequest, Bucket is missing Object Lock Configuration, CANNOT_LOCK",
    "400, InvalidRequest, something else, BAD_LOCATION",
    "403, AccessDenied, Access Denied, ACCESS_DENIED"
  })
  void aBucketThatCannotLockRefusesTheCreate(int status, String code, String message, String name)
      throws ReflectiveOperationException {
    answers.add(Answer.error(status, code, message));
    try (Backend backend = backend(LOCK)) {
      assertFails(code(name), () -> backend.create("a", Body.of(new byte[3])));
    }
  }

  @Test
  void saysUntilWhenAnObjectIsHeld() {
    answers.add(
        new Answer(
            200,
            "<Retention><Mode>COMPLIANCE</Mode>"
                + "<RetainUntilDate>2026-12-01T00:00:00Z</RetainUntilDate></Retention>"));

    assertThat(locks.heldUntil("packs/a")).hasValue(Instant.parse("2026-12-01T00:00:00Z"));
    assertThat(requests.getFirst().exchange.getRequestURI())
        .hasPath("/bucket/vault/packs/a")
        .hasQuery("retention");
  }

  @Test
  void anObjectThatIsNotHeldIsToldFromOneThatIsMissingAndFromABucketWithoutLocks() {
    answers.add(Answer.error(404, "NoSuchObjectLockConfiguration", "none"));
    assertThat(locks.heldUntil("a")).isEmpty();
    answers.add(Answer.error(404, "NotFound", "it does not have a ObjectLock configuration"));
    assertThat(locks.heldUntil("a")).isEmpty();
    answers.add(Answer.error(404, "NoSuchKey", "none"));
    assertFails(VaultErrors.OBJECT_MISSING, () -> locks.heldUntil("a"));
    answers.add(Answer.error(405, "MethodNotAllowed", "a delete marker"));
    assertFails(VaultErrors.OBJECT_MISSING, () -> locks.heldUntil("a"));
    answers.add(Answer.error(400, "InvalidRequest", "Bucket is missing ObjectLockConfiguration"));
    assertFails(VaultErrors.CANNOT_LOCK, () -> locks.heldUntil("a"));
    answers.add(Answer.error(501, "NotImplemented", "no"));
    assertFails(VaultErrors.CANNOT_LOCK, () -> locks.heldUntil("a"));
    answers.add(Answer.error(403, "AccessDenied", "no"));
    assertFails(VaultErrors.ACCESS_DENIED, () -> locks.heldUntil("a"));
  }

  @Test
  void holdsAnObjectInTheDeclaredModeAndAsksForNoWayAroundALock() {
    locks.hold("a", NOW);

    Request put = requests.getFirst();
    assertThat(put.method + " " + put.query).isEqualTo("PUT retention");
    assertThat(put.body)
        .contains("<Mode>COMPLIANCE</Mode>")
        .contains("<RetainUntilDate>2026-11-26T02:15:30Z</RetainUntilDate>");
    assertThat(put.header("x-amz-bypass-governance-retention")).isEmpty();
  }

  @Test
  void anObjectThatIsHeldInTheOtherModeStaysInIt() {
    answers.add(
        Answer.error(
            403, "AccessDenied", "Access Denied because object protected by object lock."));

    locks.hold("a", NOW);

    assertThat(requests.getLast().body).contains("<Mode>GOVERNANCE</Mode>");
  }

  @Test
  void aLockThatWouldBecomeShorterIsAnError() {
    Answer refused = Answer.error(403, "AccessDenied", "Object is WORM protected");
    answers.add(refused);
    answers.add(refused);

    assertFails(VaultErrors.OBJECT_LOCKED, () -> locks.hold("a", NOW));
  }

  @Test
  void saysWhatTheBucketDoesByItself() {
    answers.add(versioning("<Status>Enabled</Status>"));
    answers.add(
        new Answer(
            200,
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>"
                + "<DefaultRetention><Mode>GOVERNANCE</Mode><Days>14</Days></DefaultRetention>"
                + "</Rule></ObjectLockConfiguration>"));

    assertThat(locks.place())
        .isEqualTo(new Place(true, true, Optional.of("GOVERNANCE for 14 days")));
  }

  @ParameterizedTest
  @CsvSource({
    "404, ObjectLockConfigurationNotFoundError, no",
    "501, NotImplemented, no",
    "400, InvalidRequest, Bucket is missing Object Lock Configuration"
  })
  void aBucketWithoutLocksSaysSo(int status, String code, String message) {
    answers.add(versioning(""));
    answers.add(Answer.error(status, code, message));

    assertThat(locks.place()).isEqualTo(new Place(false, false, Optional.empty()));
  }

  private static Answer versioning(String status) {
    return new Answer(200, "<VersioningConfiguration>" + status + "</VersioningConfiguration>");
  }

  private static ErrorCode code(String name) throws ReflectiveOperationException {
    return (ErrorCode) VaultErrors.class.getField(name).get(null);
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.hint()).isNotBlank();
            });
  }
}
