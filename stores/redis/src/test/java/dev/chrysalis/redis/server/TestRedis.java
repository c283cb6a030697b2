package dev.chrysalis.redis.server;

import dev.chrysalis.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// A real Redis server, or Sentinel, for a test: its own folder, address and process. `close`
/// removes all three. Its configuration file lies in its folder, which is its `dir` too, and is
/// written once: what the server itself rewrites stays.
///
/// ```java
/// try (var master = TestRedis.create(RedisRelease.V7_0, "requirepass caterpillar").start();
///     var replica = TestRedis.create(RedisRelease.V7_0).following(master).start()) {
///   try (Jedis client = master.client()) { … }
///   master.kill();
/// }
/// ```
public final class TestRedis implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RedisRelease release;
  private final Path folder;
  private final boolean sentinel;
  private final boolean owned;
  private final String host;
  private final int port;
  private String password = "";
  private @Nullable Process process;

  private TestRedis(
      RedisRelease release, Path folder, boolean sentinel, boolean owned, InetSocketAddress at) {
    this.release = release;
    this.folder = folder;
    this.sentinel = sentinel;
    this.owned = owned;
    this.host = at.getAddress().getHostAddress();
    this.port = at.getPort();
  }

  /// A server that is not started: with an append-only file, without RDB files and rewrites of its
  /// own accord, unless the lines of configuration say otherwise.
  public static TestRedis create(RedisRelease release, String... lines) {
    return server(release, newFolder(), true, lines);
  }

  /// A server over a folder that is there already (restored, copied), which `close` leaves in
  /// place. Where it holds a `redis.conf` that is used, with this server's address in it.
  public static TestRedis over(RedisRelease release, Path folder, String... lines) {
    return server(release, folder, false, lines);
  }

  /// A Sentinel that is not started. The lines say what it watches.
  public static TestRedis sentinel(RedisRelease release, String... lines) {
    TestRedis made = new TestRedis(release, newFolder(), true, true, freeAddress());
    made.configure("bind " + made.host, "port " + made.port, "dir " + made.folder);
    return made.configure(lines);
  }

  private static TestRedis server(
      RedisRelease release, Path folder, boolean owned, String... lines) {
    TestRedis made = new TestRedis(release, folder, false, owned, freeAddress());
    if (!Files.exists(made.configuration())) {
      made.configure("appendonly yes", "appendfsync everysec", "auto-aof-rewrite-percentage 0");
      made.configure("save \"\"", "repl-diskless-sync-delay 0", "repl-diskless-sync yes");
    }
    made.configure("bind " + made.host, "port " + made.port, "dir " + folder, "daemonize no");
    return made.configure(lines);
  }

  /// Adds lines to the configuration file; they hold from the next start.
  public TestRedis configure(String... lines) {
    try {
      Files.write(
          configuration(), List.of(lines), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String line : lines) {
      if (line.startsWith("requirepass ")) {
        password = line.substring("requirepass ".length());
      }
    }
    return this;
  }

  /// Makes it a replica of that one from the next start on.
  public TestRedis following(TestRedis master) {
    return configure("replicaof " + master.host + " " + master.port);
  }

  /// Starts it and waits until it answers and has loaded its data.
  public TestRedis start() {
    launch();
    Awaitility.await("start of " + this)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          if (!isRunning()) {
            throw new IllegalStateException("Redis ended:\n" + log());
          }
          return answers();
        });
    return this;
  }

  /// Starts the process and does not wait.
  public TestRedis launch() {
    RedisProgram program = release.program();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program.server().toString(), configuration().toString()));
    if (sentinel) {
      command.add("--sentinel");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
    builder.environment().putAll(program.variables());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// Whether it answers and has loaded its data.
  public boolean answers() {
    try (Jedis client = client()) {
      return client.ping().equals("PONG");
    } catch (JedisException e) {
      return false;
    }
  }

  public boolean isRunning() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /// Ends it as a crash does.
  public void kill() {
    end(true);
  }

  /// Ends it as an operator does.
  public void stop() {
    end(false);
  }

  private void end(boolean forcibly) {
    Process current = process;
    if (current == null) {
      return;
    }
    try {
      Object _ = forcibly ? current.destroyForcibly() : current.toHandle().destroy();
      if (!current.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        current.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      current.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// A new connection, to be closed.
  public Jedis client() {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder().timeoutMillis(5000);
    return new Jedis(
        new HostAndPort(host, port),
        (password.isEmpty() ? config : config.password(password)).build());
  }

  /// How an agent reaches it. Where it asks for a password that lies in its folder.
  public RedisServer server() {
    if (password.isEmpty()) {
      return new RedisServer(host, port, "", Optional.empty(), Optional.empty());
    }
    Path file = folder.resolve("password");
    try {
      Files.writeString(file, password + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RedisServer(host, port, "", Optional.of(file), Optional.empty());
  }

  public RedisRelease release() {
    return release;
  }

  /// Its `dir`.
  public Path folder() {
    return folder;
  }

  public Path configuration() {
    return folder.resolve(sentinel ? "sentinel.conf" : "redis.conf");
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /// What it has written to its log.
  public String log() {
    try {
      return Files.exists(logFile()) ? Files.readString(logFile()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path logFile() {
    return folder.resolve("server.log");
  }

  @Override
  public void close() {
    kill();
    if (owned) {
      TestFiles.deleteTree(folder);
    }
  }

  @Override
  public String toString() {
    return release + (sentinel ? " Sentinel at " : " at ") + host + ":" + port;
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("chrysalis-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A loopback address of its own, and a port that is free there.
  private static InetSocketAddress freeAddress() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String address =
        "127.%d.%d.%d"
            .formatted(random.nextInt(16, 250), random.nextInt(256), random.nextInt(1, 255));
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
      return new InetSocketAddress(probe.getInetAddress(), probe.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
