package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.process.Readiness;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/// Learns whether a member's main container is ready, without holding its keeper up: each probe
/// runs on a thread of its own, one at a time. Two failures in a row make a ready one unready.
final class Prober {
  private static final Duration PERIOD = Duration.ofMillis(400);
  private static final Duration SETTLED = Duration.ofMillis(500);
  private static final int TIME_OUT_MILLIS = 1_000;
  private static final int FAILURES = 2;

  private record Result(long pid, boolean ready, boolean everReady, int failures) {}

  private final Runnable onChange;
  private volatile Result result = new Result(0, false, false, 0);
  private volatile boolean inFlight;
  private Instant last = Instant.MIN;

  Prober(Runnable onChange) {
    this.onChange = onChange;
  }

  /// Starts a probe where it is time for one. Called by the keeper's thread only.
  void tick(long pid, Instant since, Readiness readiness, String address, Instant now) {
    if (inFlight || Duration.between(last, now).compareTo(PERIOD) < 0) {
      return;
    }
    last = now;
    if (readiness instanceof Readiness.Running) {
      note(pid, Duration.between(since, now).compareTo(SETTLED) >= 0);
      return;
    }
    inFlight = true;
    Thread.ofVirtual()
        .start(() -> {
          note(pid, holds(readiness, address));
          inFlight = false;
        });
  }

  boolean ready(long pid) {
    Result known = result;
    return known.pid() == pid && known.ready();
  }

  boolean everReady(long pid) {
    Result known = result;
    return known.pid() == pid && known.everReady();
  }

  private void note(long pid, boolean holds) {
    Result known = result;
    Result before = known.pid() == pid ? known : new Result(pid, false, false, 0);
    int failures = holds ? 0 : before.failures() + 1;
    boolean ready = holds || (before.ready() && failures < FAILURES);
    result = new Result(pid, ready, before.everReady() || ready, failures);
    if (ready != before.ready()) {
      onChange.run();
    }
  }

  private static boolean holds(Readiness readiness, String address) {
    return switch (readiness) {
      case Readiness.Running() -> true;
      case Readiness.Tcp(int port) -> accepts(address, port);
      case Readiness.Http(int port, String path) -> answers(address, port, path);
      case Readiness.Exchange(int port, String request, String answer) ->
          exchanges(address, port, HexFormat.of().parseHex(request), answer);
    };
  }

  private static boolean accepts(String address, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), TIME_OUT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean exchanges(String address, int port, byte[] request, String answer) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), TIME_OUT_MILLIS);
      socket.setSoTimeout(TIME_OUT_MILLIS);
      socket.getOutputStream().write(request);
      byte[] begin = socket.getInputStream().readNBytes(answer.length() / 2);
      return HexFormat.of().formatHex(begin).equals(answer);
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean answers(String address, int port, String path) {
    try {
      String host = address.contains(":") ? "[" + address + "]" : address;
      var connection =
          (HttpURLConnection)
              URI.create("http://" + host + ":" + port + path).toURL().openConnection();
      connection.setConnectTimeout(TIME_OUT_MILLIS);
      connection.setReadTimeout(TIME_OUT_MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setRequestProperty("Connection", "close");
      try {
        int status = connection.getResponseCode();
        return status >= 200 && status < 400;
      } finally {
        connection.disconnect();
      }
    } catch (IOException | IllegalArgumentException _) {
      return false;
    }
  }
}
