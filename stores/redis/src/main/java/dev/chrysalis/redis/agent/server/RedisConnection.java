package dev.chrysalis.redis.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisException;

/// Opens sessions with one server or Sentinel. The password and the certificates are read from
/// their files at each, so that changed ones are picked up; the password is never part of a
/// message. Safe for many threads.
///
/// Errors: `UNREACHABLE` (nothing answers), `REFUSED_LOGIN`, `BAD_SETTING` (the password file or a
/// certificate cannot be read).
public final class RedisConnection {
  private final RedisServer server;
  private final Duration timeout;

  /// @param timeout for connecting, and for each answer; at least a tenth of a second
  public RedisConnection(RedisServer server, Duration timeout) {
    if (timeout.compareTo(Duration.ofMillis(100)) < 0) {
      throw new IllegalArgumentException("too short a time-out: " + timeout);
    }
    this.server = server;
    this.timeout = timeout;
  }

  public RedisServer server() {
    return server;
  }

  /// The same server's connections, with more patience or less.
  public RedisConnection within(Duration otherTimeout) {
    return new RedisConnection(server, otherTimeout);
  }

  /// Opens a session. To be closed by the caller.
  public RedisSession open() {
    DefaultJedisClientConfig config = config();
    try {
      Connection connection = new Connection(new HostAndPort(server.host(), server.port()), config);
      // Without a password nothing has been said yet, and nothing may listen.
      connection.connect();
      return new RedisSession(connection, server);
    } catch (JedisException e) {
      throw RedisFailures.translated(server, "", e);
    }
  }

  private DefaultJedisClientConfig config() {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .timeoutMillis(Math.toIntExact(timeout.toMillis()))
            // What needs no right but that of the command itself.
            .protocol(RedisProtocol.RESP2)
            .autoNegotiateProtocol(false)
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
    if (!server.user().isEmpty()) {
      config.user(server.user());
    }
    server.passwordFile().ifPresent(file -> config.password(password(file)));
    server.tls().ifPresent(tls -> secure(config, tls));
    return config.build();
  }

  /// What stands in the place of the deprecated calls takes key stores from files only; ours is
  /// made from PEM files in memory.
  @SuppressWarnings("deprecation")
  private static void secure(DefaultJedisClientConfig.Builder config, RedisServer.Tls tls) {
    config
        .ssl(true)
        .sslSocketFactory(TlsFiles.context(tls).getSocketFactory())
        .sslParameters(new SSLParameters());
  }

  private static String password(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().orElse("");
    } catch (IOException | UncheckedIOException e) {
      throw new ChrysalisException(
          RedisErrors.BAD_SETTING,
          "cannot read the password file " + file,
          "give the agent a readable file whose first line is the password",
          e);
    }
  }
}
