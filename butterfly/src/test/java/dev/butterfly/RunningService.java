package dev.butterfly;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// A service on a free port of this process, and a client of it.
public final class RunningService implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final ConfigurableApplicationContext service;
  private final String base;

  private RunningService(ConfigurableApplicationContext service) {
    this.service = service;
    this.base = "http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port");
  }

  /// Starts it as if the environment had these variables.
  public static RunningService start(Class<?> configuration, Map<String, String> variables) {
    SpringApplication application = new SpringApplication(configuration);
    Map<String, Object> properties = new HashMap<>(variables);
    properties.put("SERVER_PORT", "0");
    application.setDefaultProperties(properties);
    return new RunningService(application.run());
  }

  /// A port of this machine where nobody listens.
  public static int portWithNobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Answers a GET.
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(base + path)).build(), BodyHandlers.ofString());
  }

  /// Answers a POST of JSON.
  public HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  @Override
  public void close() {
    service.close();
    http.close();
  }
}
