package dev.chrysalis.platform.process.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.process.Readiness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ExchangeProbeTest {
  private static final int PID = 4711;

  @Test
  void aServerThatAnswersAsExpectedIsReady() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(server, "OK then"));
      Prober prober = new Prober(() -> {});
      await().until(() -> probed(prober, server));
    }
  }

  @Test
  void aServerThatOnlyAcceptsIsNot() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      CountDownLatch noted = new CountDownLatch(1);
      Prober prober = new Prober(noted::countDown);
      assertThat(probed(prober, silent)).isFalse();
      try (Socket _ = silent.accept()) {
        assertThat(noted.getCount()).isEqualTo(1);
      }
    }
  }

  @Test
  void whatIsNotHexadecimalIsRefused() {
    assertThatThrownBy(() -> new Readiness.Exchange(5432, "xyz", "52"))
        .isInstanceOf(ChrysalisException.class);
    assertThatThrownBy(() -> new Readiness.Exchange(5432, "00", ""))
        .isInstanceOf(ChrysalisException.class);
  }

  private static boolean probed(Prober prober, ServerSocket server) {
    prober.tick(
        PID,
        Instant.EPOCH,
        new Readiness.Exchange(server.getLocalPort(), "3f", "4f4b"),
        "127.0.0.1",
        Instant.now());
    return prober.ready(PID);
  }

  private static void answer(ServerSocket server, String text) {
    try {
      while (true) {
        try (Socket client = server.accept()) {
          if (client.getInputStream().read() == '?') {
            client.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
          }
        }
      }
    } catch (IOException e) {
      // The test closed the server.
      return;
    }
  }
}
