package dev.chrysalis.recovery.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeState;
import dev.chrysalis.model.stack.NoticeTemplate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebChannelsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-25T03:20:00Z"), ZoneOffset.UTC);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void slackGetsTheTextWithNothingInItThatMentionsAnybody() throws IOException {
    Answer answer =
        deliver(new NoticeChannel.Slack(about("*${stack}* ${detail}"), urlFile("/T0/B0/secret")));

    assertThat(answer).isEqualTo(new Answer.Delivered("answered 200"));
    assertThat(receiver.got().getFirst().path()).isEqualTo("/T0/B0/secret");
    assertThat(body().get("text").asText())
        .isEqualTo("*butterfly* &lt;!channel&gt; A &amp; B \"quoted\"");
  }

  @Test
  void aWebhookGetsACloudEventWhoseSignatureAnybodyWithTheKeyCanCheck()
      throws IOException, GeneralSecurityException {
    String key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    deliver(webhook(file("key", "whsec_" + key)));

    Receiver.Got got = receiver.got().getFirst();
    assertThat(got.header("Content-Type")).isEqualTo("application/cloudevents+json; charset=utf-8");
    JsonNode event = body();
    assertThat(event.get("specversion").asText()).isEqualTo("1.0");
    assertThat(event.get("id").asText()).isEqualTo("20261125t031500z-0a1b2c-00ff");
    assertThat(event.get("source").asText()).isEqualTo("/chrysalis/stacks/butterfly");
    assertThat(event.get("type").asText()).isEqualTo("dev.chrysalis.run.failed");
    assertThat(Instant.parse(event.get("time").asText())).isEqualTo("2026-11-25T03:15:30Z");
    assertThat(event.get("data").get("detail").asText()).contains("<!channel>");
    assertThat(got.header("webhook-id")).isEqualTo(event.get("id").asText());
    assertThat(got.header("webhook-timestamp")).isEqualTo("1795576800");
    String signed = "20261125t031500z-0a1b2c-00ff.1795576800." + got.body();
    assertThat(got.header("webhook-signature"))
        .isEqualTo("v1," + hmac(Base64.getDecoder().decode(key), signed));
  }

  /// The example of RFC 4231, test case 2, in the shape of a webhook's key.
  @Test
  void aKeyThatIsNoBase64IsTakenAsItStands() throws IOException, GeneralSecurityException {
    assertThat(hmac("Jefe".getBytes(StandardCharsets.UTF_8), "what do ya want for nothing?"))
        .isEqualTo(
            Base64.getEncoder()
                .encodeToString(
                    HexFormat.of()
                        .parseHex(
                            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")));

    deliver(webhook(file("key", "Jefe")));

    Receiver.Got got = receiver.got().getFirst();
    String signed =
        got.header("webhook-id") + "." + got.header("webhook-timestamp") + "." + got.body();
    assertThat(got.header("webhook-signature"))
        .isEqualTo("v1," + hmac("Jefe".getBytes(StandardCharsets.UTF_8), signed));
  }

  @Test
  void pagerDutyGetsOneAlertARunWhichTheVerifiedEndResolves() throws IOException {
    NoticeChannel duty =
        new NoticeChannel.PagerDuty(
            about("${stack} ${state}"),
            new NoticeChannel.Endpoint.Written(receiver.url("/v2/enqueue")),
            file("key", "R0UT1NG"));

    deliver(duty, notice(NoticeState.STARTED));
    deliver(duty, notice(NoticeState.RECOVERED));

    JsonNode first = JSON.readTree(receiver.got().getFirst().body());
    JsonNode last = JSON.readTree(receiver.got().getLast().body());
    assertThat(first.get("routing_key").asText()).isEqualTo("R0UT1NG");
    assertThat(first.get("event_action").asText()).isEqualTo("trigger");
    assertThat(first.get("dedup_key").asText()).isEqualTo("20261125t031500z-0a1b2c");
    assertThat(first.get("payload").get("severity").asText()).isEqualTo("error");
    assertThat(first.get("payload").get("source").asText()).isEqualTo("butterfly");
    assertThat(last.get("event_action").asText()).isEqualTo("resolve");
    assertThat(last.get("dedup_key")).isEqualTo(first.get("dedup_key"));
  }

  @Test
  void aTestOpensNoAlertThatStays() {
    try (Channels channels =
        new Channels(
            List.of(
                new NoticeChannel.PagerDuty(
                    about("${detail}"),
                    new NoticeChannel.Endpoint.Written(receiver.url("/")),
                    file("key", "R0UT1NG")),
                new NoticeChannel.Slack(about(""), folder.resolve("none"))),
            CLOCK,
            Duration.ofSeconds(5))) {
      assertThat(channels.test("butterfly", new Random(7)))
          .extracting(Channels.Tested::delivered)
          .containsExactly(true, false);
    }
    assertThat(receiver.got()).hasSize(2);
    assertThat(receiver.got().getLast().body()).contains("\"resolve\"");
  }

  @Test
  void tellsWhatMayPassFromWhatWillNot() {
    NoticeChannel slack = new NoticeChannel.Slack(about(""), urlFile("/"));
    receiver.thenAnswers(500);
    receiver.thenAnswers(429, "7");
    receiver.thenAnswers(503, "Wed, 25 Nov 2026 03:20:30 GMT");
    receiver.thenAnswers(503, "soon");
    receiver.thenAnswers(404);
    receiver.thenAnswers(302);
    receiver.thenHangs();

    assertThat(List.of(1, 2, 3, 4, 5, 6, 7).stream().map(_ -> deliver(slack)))
        .containsExactly(
            Answer.Later.because("answered 500"),
            new Answer.Later("answered 429", Optional.of(Duration.ofSeconds(7))),
            new Answer.Later("answered 503", Optional.of(Duration.ofSeconds(30))),
            Answer.Later.because("answered 503"),
            new Answer.Refused("answered 404"),
            new Answer.Refused("answered 302"),
            Answer.Later.because("no answer within 1 s"));
  }

  @Test
  void noSecretGetsIntoWhatIsSaid() {
    List<NoticeChannel> channels =
        List.of(
            new NoticeChannel.Slack(about(""), file("a", "http://127.0.0.1:1/S3CR3T")),
            new NoticeChannel.Slack(about(""), file("b", "ht tp://S3CR3T")),
            new NoticeChannel.Slack(about(""), file("c", "S3CR3T")),
            webhook(file("d", "whsec_S3CR3T!")));

    for (NoticeChannel channel : channels) {
      try {
        assertThat(deliver(channel).words()).doesNotContain("S3CR3T");
      } catch (ChrysalisException e) {
        assertThat(e).hasNoCause();
        assertThat(e.getMessage() + e.hint()).doesNotContain("S3CR3T");
      }
    }
    assertThatThrownBy(() -> deliver(channels.get(2)))
        .hasMessage("urlFile " + folder.resolve("c") + " holds no http(s) address");
  }

  private NoticeChannel.Webhook webhook(Path key) {
    return new NoticeChannel.Webhook(
        about("${detail}"), new NoticeChannel.Endpoint.Written(receiver.url("/hook")), key);
  }

  private Answer deliver(NoticeChannel channel) {
    return deliver(channel, notice(NoticeState.FAILED));
  }

  private Answer deliver(NoticeChannel channel, Notice notice) {
    try (Channels channels = new Channels(List.of(channel), CLOCK, Duration.ofSeconds(1))) {
      return channels.all().getFirst().deliver(notice);
    }
  }

  private static Notice notice(NoticeState state) {
    return new Notice(
        "20261125t031500z-0a1b2c",
        "00ff",
        state,
        Instant.parse("2026-11-25T03:15:30Z"),
        Map.of(
            "stack",
            "butterfly",
            "state",
            state.word(),
            "detail",
            "<!channel>\r\nA & B \"quoted\""));
  }

  private static NoticeChannel.About about(String text) {
    return new NoticeChannel.About(
        "test", EnumSet.allOf(NoticeState.class), new NoticeTemplate(text));
  }

  private JsonNode body() throws IOException {
    return JSON.readTree(receiver.got().getFirst().body());
  }

  private Path urlFile(String path) {
    return file("url", receiver.url(path));
  }

  private Path file(String name, String line) {
    try {
      return Files.writeString(folder.resolve(name), line + "\nnot this\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }
}
