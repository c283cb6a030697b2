package dev.chrysalis.redis.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;

/// One session with a server or a Sentinel: commands as words, answers as texts. Not safe for many
/// threads.
///
/// Errors: `UNREACHABLE` where the answer does not come, `REFUSED_LOGIN` where the user may not,
/// `COMMAND_FAILED` with the server's own words.
public final class RedisSession implements AutoCloseable {
  private final Connection connection;
  private final RedisServer server;

  RedisSession(Connection connection, RedisServer server) {
    this.connection = connection;
    this.server = server;
  }

  /// Sends a command and returns its answer: a `byte[]`, a `Long`, a `List` of such, or null.
  ///
  /// @param name the command, in the message where it fails; its other words are not
  public Object ask(String name, String... words) {
    send(name, words);
    return next(name);
  }

  /// Sends a command whose answers are read by `next`.
  public void send(String name, String... words) {
    try {
      connection.sendCommand(() -> name.getBytes(StandardCharsets.UTF_8), words);
    } catch (JedisException e) {
      throw RedisFailures.translated(server, name, e);
    }
  }

  /// As `send`, with words that need not be texts.
  public void sendBytes(String name, byte[]... words) {
    try {
      connection.sendCommand(() -> name.getBytes(StandardCharsets.UTF_8), words);
    } catch (JedisException e) {
      throw RedisFailures.translated(server, name, e);
    }
  }

  /// As `ask`, with words that need not be texts.
  public Object askBytes(String name, byte[]... words) {
    sendBytes(name, words);
    return next(name);
  }

  /// The next answer: that of the command, or what is published to a subscriber.
  ///
  /// @param name what is waited for, in the message where it fails
  public Object next(String name) {
    try {
      return connection.getOne();
    } catch (JedisException e) {
      throw RedisFailures.translated(server, name, e);
    }
  }

  /// The answer as a text.
  public String text(String name, String... words) {
    return decoded(ask(name, words));
  }

  /// The answer as texts.
  public List<String> texts(String name, String... words) {
    return allOf(ask(name, words));
  }

  /// An answer of `ask` or `next` as texts.
  public static List<String> allOf(Object answer) {
    return answer instanceof List<?> list
        ? list.stream().map(RedisSession::decoded).toList()
        : List.of(decoded(answer));
  }

  /// The answer, a list of names and values in turn, as a map.
  public Map<String, String> map(String name, String... words) {
    List<String> texts = texts(name, words);
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      map.put(texts.get(i), texts.get(i + 1));
    }
    return map;
  }

  /// All that `INFO` says.
  public Map<String, String> info() {
    Map<String, String> info = new LinkedHashMap<>();
    text("INFO")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> {
          int colon = line.indexOf(':');
          if (colon > 0) {
            info.put(line.substring(0, colon), line.substring(colon + 1));
          }
        });
    return info;
  }

  /// The value of a setting; empty where this version has none of that name, or the user may not
  /// ask for it.
  public Optional<String> setting(String name) {
    try {
      return Optional.ofNullable(map("CONFIG", "GET", name).get(name));
    } catch (ChrysalisException e) {
      if (e.code().equals(RedisErrors.UNREACHABLE)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static String decoded(Object answer) {
    return answer instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(answer);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (JedisException e) {
      // Nothing more was wanted from it.
    }
  }
}
