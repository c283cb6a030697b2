package dev.chrysalis.recovery.checklist.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.chrysalis.model.stack.ServerReference;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A real HTTP server on all loopback addresses that answers what a test says, also badly.
public final class FakeServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Function<Request, Reply> answers;

  /// What it was asked.
  public record Request(URI uri, String body, Map<String, List<String>> headers) {
    /// Path and query, as they are meant.
    public String text() {
      return URLDecoder.decode(uri.toString(), StandardCharsets.UTF_8);
    }
  }

  /// What it does.
  public sealed interface Reply {}

  public record Says(int status, String body) implements Reply {}

  /// Answers nothing until the test is over.
  public record Hangs() implements Reply {}

  /// Sends its headers and one byte, and nothing more.
  public record Trickles() implements Reply {}

  /// Sends bytes as long as they are taken.
  public record Floods() implements Reply {}

  public FakeServer(Function<Request, Reply> answers) {
    this.answers = answers;
    try {
      server = HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /// A server that says the same to everybody.
  public static FakeServer saying(int status, String body) {
    return new FakeServer(_ -> new Says(status, body));
  }

  public void answer(Function<Request, Reply> now) {
    answers = now;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public ServerReference reference() {
    return new ServerReference(url(), null, Map.of());
  }

  public ServerReference reference(@Nullable Path authorization) {
    return new ServerReference(url(), authorization, Map.of());
  }

  public List<Request> requests() {
    return requests;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Request request =
        new Request(exchange.getRequestURI(), body, Map.copyOf(exchange.getRequestHeaders()));
    requests.add(request);
    try (exchange) {
      switch (answers.apply(request)) {
        case Says(int status, String text) -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        }
        case Hangs() -> over.await();
        case Trickles() -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          over.await();
        }
        case Floods() -> {
          exchange.sendResponseHeaders(200, 0);
          flood(exchange.getResponseBody());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void flood(OutputStream out) {
    byte[] block = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
    try {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // The reader has had enough: that is what the test is about.
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.close();
  }
}
