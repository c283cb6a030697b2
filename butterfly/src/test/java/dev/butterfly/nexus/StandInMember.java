package dev.butterfly.nexus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Stands where a member of another service is: says whether it is ready, and answers every request
/// with one status and what it was asked.
final class StandInMember implements AutoCloseable {
  private final HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  StandInMember() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// What it was asked, readiness aside.
  List<String> asked() {
    return asked;
  }

  void answersWith(int wanted) {
    status = wanted;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String words = (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    if (!words.contains("/actuator/health/readiness")) {
      asked.add(words.strip());
    }
    byte[] said = ("\"" + words.strip().replace("\"", "'") + "\"").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, said.length);
    exchange.getResponseBody().write(said);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
