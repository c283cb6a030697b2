package dev.chrysalis.recovery.checklist.metrics;

import static org.awaitility.Awaitility.await;

import dev.chrysalis.recovery.checklist.http.Answer;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// A Prometheus server of its own that scrapes every second; it ends with the test.
public final class RealPrometheus implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final Process process;
  private final BoundedHttp http = new BoundedHttp(Duration.ofSeconds(20), 1 << 20);

  /// @param folder for its configuration and its data
  /// @param targets ports on this machine that it scrapes as the job `perception`
  public RealPrometheus(Path folder, List<Integer> targets)
      throws IOException, InterruptedException {
    this.folder = folder;
    configure(targets);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    process =
        new ProcessBuilder(
                DebianPrometheus.program().toString(),
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.enable-lifecycle")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    try {
      await().atMost(Duration.ofMinutes(2)).until(() -> ask("GET", "/-/ready").status() == 200);
    } catch (RuntimeException e) {
      close();
      throw new IOException("it does not start:\n" + Files.readString(folder.resolve("output")), e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /// Scrapes these from now on, and none of the others.
  public void scrape(List<Integer> targets) throws IOException {
    configure(targets);
    Answer answer = ask("POST", "/-/reload");
    if (answer.status() != 200) {
      throw new IOException("it does not read its configuration again: " + answer);
    }
  }

  private Answer ask(String method, String path) {
    return http.send(
        HttpRequest.newBuilder(URI.create(url() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build());
  }

  private void configure(List<Integer> targets) throws IOException {
    String addresses =
        targets.stream().map(p -> "'127.0.0.1:" + p + "'").collect(Collectors.joining(", "));
    Files.writeString(
        folder.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
          - job_name: perception
            static_configs: [{targets: [%s]}]
        """
            .formatted(addresses));
  }

  @Override
  public void close() {
    http.close();
    process.destroy();
    process.onExit().completeOnTimeout(process, 10, java.util.concurrent.TimeUnit.SECONDS).join();
    process.destroyForcibly();
    process.onExit().join();
  }
}
