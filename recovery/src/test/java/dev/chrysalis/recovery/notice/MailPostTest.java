package dev.chrysalis.recovery.notice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeChannel.Security;
import dev.chrysalis.model.stack.NoticeState;
import dev.chrysalis.model.stack.NoticeTemplate;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.wiser.Wiser;

class MailPostTest {
  private static final String PASSWORD = "S3CR3T";

  @TempDir private Path folder;
  private @Nullable Wiser wiser;

  @AfterEach
  void close() {
    if (wiser != null) {
      wiser.stop();
    }
  }

  @Test
  void sendsAMailThatThreadsAndIsTheSameWhenItIsSentAgain() throws IOException, MessagingException {
    int port = serve(server());
    MailPost post = new MailPost(email(port, Security.NONE, null), SOON, Optional.empty());

    assertThat(post.deliver(notice())).isEqualTo(new Answer.Delivered("the mail server took it"));
    assertThat(post.deliver(notice())).isInstanceOf(Answer.Delivered.class);

    assertThat(wiser().getMessages())
        .hasSize(4)
        .extracting(m -> m.getEnvelopeReceiver())
        .startsWith("ana@example.org", "ben@example.org");
    MimeMessage mail = wiser().getMessages().getFirst().getMimeMessage();
    assertThat(mail.getSubject()).isEqualTo("butterfly failed: Größe X-Evil: 1");
    assertThat(mail.getHeader("X-Evil")).isNull();
    assertThat(mail.getContent().toString()).contains("butterfly: Größe X-Evil: 1");
    assertThat(mail.getMessageID())
        .isEqualTo("<20261125t031500z-0a1b2c-00ff@butterfly.chrysalis>")
        .isEqualTo(wiser().getMessages().getLast().getMimeMessage().getMessageID());
    assertThat(mail.getHeader("References", null))
        .isEqualTo("<20261125t031500z-0a1b2c@butterfly.chrysalis>");
    assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
  }

  @Test
  void logsInOnlyOnceTheWayIsPrivate() throws IOException, GeneralSecurityException {
    SSLContext tls = tls();
    int port =
        serve(
            server()
                .enableTLS()
                .requireTLS()
                .startTlsSocketFactory(tls)
                .requireAuth()
                .authenticationHandlerFactory(login()));
    Optional<javax.net.ssl.SSLSocketFactory> trusted = Optional.of(tls.getSocketFactory());

    MailPost right = new MailPost(email(port, Security.STARTTLS, PASSWORD), SOON, trusted);
    MailPost wrong = new MailPost(email(port, Security.STARTTLS, "wrong"), SOON, trusted);
    MailPost distrustful =
        new MailPost(email(port, Security.STARTTLS, PASSWORD), SOON, Optional.empty());

    assertThat(right.deliver(notice())).isInstanceOf(Answer.Delivered.class);
    assertThat(wrong.deliver(notice()))
        .isEqualTo(new Answer.Refused("the mail server refused the login"));
    assertThat(distrustful.deliver(notice()))
        .isEqualTo(Answer.Later.because("no mail went (SSLHandshakeException)"));
    assertThat(wiser().getMessages()).hasSize(2);
  }

  @Test
  void sendsOverTlsFromTheBeginning() throws IOException, GeneralSecurityException {
    SSLContext tls = tls();
    int port = serve(server().serverSocketFactory(tls));

    assertThat(
            new MailPost(email(port, Security.TLS, null), SOON, Optional.of(tls.getSocketFactory()))
                .deliver(notice()))
        .isInstanceOf(Answer.Delivered.class);
  }

  @Test
  void saysNothingOnAPlainWayWhereStarttlsIsAsked() throws IOException {
    int port = serve(server());

    assertThat(
            new MailPost(email(port, Security.STARTTLS, PASSWORD), SOON, Optional.empty())
                .deliver(notice()))
        .isInstanceOf(Answer.Later.class)
        .extracting(Answer::words)
        .asString()
        .doesNotContain(PASSWORD);
    assertThat(wiser().getMessages()).isEmpty();
  }

  @Test
  void aServerThatIsNotThereOrSaysNothingMayComeBack() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(
              new MailPost(
                      email(silent.getLocalPort(), Security.NONE, null),
                      Duration.ofMillis(300),
                      Optional.empty())
                  .deliver(notice()))
          .isInstanceOf(Answer.Later.class);
    }
    int closed;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = gone.getLocalPort();
    }
    assertThat(
            new MailPost(email(closed, Security.NONE, null), SOON, Optional.empty())
                .deliver(notice()))
        .isEqualTo(Answer.Later.because("no mail went (ConnectException)"));
  }

  @Test
  void aRecipientWhomTheServerRefusesKeepsTheMailFromNobodyElse() throws IOException {
    SMTPServer.Builder builder = server();
    wiser = Wiser.accepter((_, to) -> !to.startsWith("ben")).server(builder);
    wiser().start();
    int port = wiser().getServer().getPortAllocated();

    assertThat(
            new MailPost(email(port, Security.NONE, null), SOON, Optional.empty())
                .deliver(notice()))
        .isEqualTo(new Answer.Delivered("the mail server took it for 1 of 2 recipients"));
    assertThat(wiser().getMessages()).hasSize(1);
  }

  @Test
  void aServerThatPutsEveryRecipientOffIsAskedAgain() throws IOException {
    try (ServerSocket server = speaking("450 4.7.1 greylisted, come back")) {
      assertThat(
              new MailPost(
                      email(server.getLocalPort(), Security.NONE, null),
                      Duration.ofSeconds(2),
                      Optional.empty())
                  .deliver(notice()))
          .isEqualTo(Answer.Later.because("the mail server took it for nobody yet"));
    }
  }

  @Test
  void aMailThatWasTakenIsDeliveredEvenIfTheServerDoesNotSayGoodbye() throws IOException {
    try (ServerSocket server = speaking("250 ok")) {
      assertThat(
              new MailPost(
                      email(server.getLocalPort(), Security.NONE, null),
                      Duration.ofSeconds(2),
                      Optional.empty())
                  .deliver(notice()))
          .isEqualTo(new Answer.Delivered("the mail server took it"));
    }
  }

  /// A server that answers each recipient with this, takes what it gets, and is silent on QUIT.
  private static ServerSocket speaking(String toRecipients) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread _ =
        Thread.ofVirtual()
            .start(() -> {
              try (Socket socket = server.accept();
                  BufferedReader heard =
                      new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
                answer(socket, "220 here");
                boolean data = false;
                for (String line = heard.readLine(); line != null; line = heard.readLine()) {
                  if (data ? line.equals(".") : !line.equals("QUIT")) {
                    data = line.equals("DATA");
                    String taken = data ? "354 go on" : "250 ok";
                    answer(socket, line.startsWith("RCPT") ? toRecipients : taken);
                  }
                }
              } catch (IOException e) {
                // The mail's side went away, or the test ended.
              }
            });
    return server;
  }

  private static void answer(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
  }

  @Test
  void namesThePasswordFileThatCannotBeRead() {
    assertThatThrownBy(() ->
            new MailPost(to(1, Security.STARTTLS, folder.resolve("none")), SOON, Optional.empty())
                .deliver(notice()))
        .hasMessageContaining("passwordFile " + folder.resolve("none") + " cannot be read");
  }

  private static final Duration SOON = Duration.ofSeconds(10);

  private Wiser wiser() {
    return java.util.Objects.requireNonNull(wiser);
  }

  private int serve(SMTPServer.Builder builder) {
    wiser = Wiser.create(builder);
    wiser.start();
    return wiser.getServer().getPortAllocated();
  }

  private static SMTPServer.Builder server() {
    return new SMTPServer.Builder().bindAddress(InetAddress.getLoopbackAddress()).port(0);
  }

  private static EasyAuthenticationHandlerFactory login() {
    return new EasyAuthenticationHandlerFactory((user, password, _) -> {
      if (!user.equals("chrysalis") || !password.equals(PASSWORD)) {
        throw new LoginFailedException();
      }
    });
  }

  private NoticeChannel.Email email(int port, Security security, @Nullable String password)
      throws IOException {
    Path file =
        password == null
            ? null
            : Files.writeString(folder.resolve("of-" + password), password + "\n");
    return to(port, security, file);
  }

  private static NoticeChannel.Email to(int port, Security security, @Nullable Path file) {
    return new NoticeChannel.Email(
        new NoticeChannel.About(
            "team", EnumSet.allOf(NoticeState.class), new NoticeTemplate("${stack}: ${detail}")),
        "127.0.0.1",
        port,
        security,
        file == null ? null : new NoticeChannel.Login("chrysalis", file),
        "chrysalis@example.org",
        List.of("ana@example.org", "ben@example.org"),
        new NoticeTemplate("${stack} ${state}: ${detail}"));
  }

  private static Notice notice() {
    return new Notice(
        "20261125t031500z-0a1b2c",
        "00ff",
        NoticeState.FAILED,
        Instant.parse("2026-11-25T03:15:30Z"),
        Map.of("stack", "butterfly", "state", "failed", "detail", "Größe\r\nX-Evil: 1"));
  }

  /// A certificate for 127.0.0.1, which signs itself and which only this context trusts.
  private SSLContext tls() throws IOException, GeneralSecurityException {
    Path store = folder.resolve("keys.p12");
    char[] password = "changeit".toCharArray();
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "mail",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-validity",
                "3650")
            .redirectErrorStream(true)
            .start();
    try (InputStream said = keytool.getInputStream()) {
      said.readAllBytes();
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, password);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
