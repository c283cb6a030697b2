package dev.chrysalis.recovery.checklist.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservingServerTest {
  private static final long BOUND = 1 << 20;

  @TempDir private Path folder;

  @Test
  void readsWhatAServerAnswers() {
    try (FakeServer server = FakeServer.saying(200, "{\"status\":\"success\"}")) {
      assertThat(ask(server, null))
          .isInstanceOfSatisfying(
              Asked.Answered.class,
              a -> assertThat(a.value()).hasToString("{\"status\":\"success\"}"));
    }
  }

  @Test
  void holdsWhateverElseAServerDoesForNoAnswerAndSaysWhy() {
    assertThat(whyNot(new FakeServer.Says(500, "secret of the server")))
        .isEqualTo("Prometheus answers with status 500");
    assertThat(whyNot(new FakeServer.Says(302, ""))).contains("status 302");
    assertThat(whyNot(new FakeServer.Says(200, "<html>login</html>")))
        .isEqualTo("Prometheus answers what is not its API");
    assertThat(whyNot(new FakeServer.Says(200, "[]"))).contains("what is not its API");
    assertThat(whyNotInTime(new FakeServer.Hangs())).contains("no answer within 200 ms");
    assertThat(whyNotInTime(new FakeServer.Trickles())).contains("no answer within 200 ms");
    assertThat(whyNot(new FakeServer.Floods())).contains("more than 1048576 bytes");
  }

  @Test
  void saysWhenNobodyListens() {
    FakeServer gone = FakeServer.saying(200, "{}");
    gone.close();

    assertThat(why(ask(gone, null))).isEqualTo("Prometheus: no answer: ConnectException");
  }

  @Test
  void sendsTheCredentialsThatAFileHolds() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "Bearer s3cret\nmore\n");
    try (FakeServer server = FakeServer.saying(200, "{}")) {
      assertThat(ask(server, file)).isInstanceOf(Asked.Answered.class);
      assertThat(server.requests())
          .singleElement()
          .satisfies(r ->
              assertThat(r.headers()).containsEntry("Authorization", List.of("Bearer s3cret")));
    }
  }

  @Test
  void neverTellsCredentialsThatCannotBeSent() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "Bearer s3\u0001cret");
    try (FakeServer server = FakeServer.saying(200, "{}")) {
      assertThat(why(ask(server, file))).contains("header is not valid").doesNotContain("s3");
      assertThat(why(ask(server, folder.resolve("none")))).contains("authorizationFile");
    }
  }

  private static String whyNot(FakeServer.Reply reply) {
    try (FakeServer server = new FakeServer(_ -> reply)) {
      return why(ask(server, null));
    }
  }

  private static String whyNotInTime(FakeServer.Reply reply) {
    try (FakeServer server = new FakeServer(_ -> reply)) {
      return why(ask(server, null, Duration.ofMillis(200)));
    }
  }

  private static String why(Asked<JsonNode> asked) {
    assertThat(asked).isInstanceOf(Asked.Unanswered.class);
    return ((Asked.Unanswered<JsonNode>) asked).why();
  }

  private static Asked<JsonNode> ask(FakeServer server, @Nullable Path file) {
    return ask(server, file, Duration.ofSeconds(20));
  }

  private static Asked<JsonNode> ask(FakeServer server, @Nullable Path file, Duration patience) {
    try (BoundedHttp http = new BoundedHttp(patience, BOUND)) {
      return new ObservingServer("Prometheus", server.reference(file), Map.of(), http)
          .get("/api/v1/query?query=up");
    }
  }
}
