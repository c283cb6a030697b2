package dev.chrysalis.redis.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.RedisServer;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/// What a failed call on a server means.
final class RedisFailures {
  private static final List<String> REFUSALS =
      List.of("NOAUTH", "WRONGPASS", "NOPERM", "DENIED", "ERR AUTH", "ERR invalid password");

  private RedisFailures() {}

  /// @param command what was asked, without its values; empty for the login
  static ChrysalisException translated(RedisServer server, String command, JedisException e) {
    String user = server.user().isEmpty() ? "" : server.user() + "@";
    String where = user + server.host() + ":" + server.port();
    String said = String.valueOf(e.getMessage());
    if (cause(e, SSLException.class)) {
      return new ChrysalisException(
          RedisErrors.REFUSED_LOGIN,
          "no TLS with Redis at " + where + ": " + innermost(e),
          "check whether that port speaks TLS, and the certificates (REDIS_TLS_CA_FILE,"
              + " REDIS_TLS_CERT_FILE)",
          e);
    }
    if (e instanceof JedisConnectionException) {
      return new ChrysalisException(
          RedisErrors.UNREACHABLE,
          "Redis does not answer at " + where + ": " + innermost(e),
          "see whether the server runs, what its log says, and whether that port speaks TLS",
          e);
    }
    if (REFUSALS.stream().anyMatch(said::startsWith) || command.isEmpty()) {
      return new ChrysalisException(
          RedisErrors.REFUSED_LOGIN,
          "Redis refuses " + (command.isEmpty() ? "" : command + " to ") + where + ": " + said,
          "check the user, its password file and its rights: ACL GETUSER",
          e);
    }
    return new ChrysalisException(
        RedisErrors.COMMAND_FAILED,
        "Redis at " + where + " answers " + command + " with an error: " + said,
        "see the server's log",
        e);
  }

  /// Whether a session ended that the server had accepted; not that an answer is late.
  static boolean cutOff(ChrysalisException e) {
    return e.code().equals(RedisErrors.UNREACHABLE)
        && !cause(e, SocketTimeoutException.class)
        && !cause(e, ConnectException.class);
  }

  private static boolean cause(Throwable e, Class<?> type) {
    @Nullable Throwable at = e;
    while (at != null && !type.isInstance(at)) {
      at = at.getCause();
    }
    return at != null;
  }

  private static String innermost(Throwable e) {
    Throwable at = e;
    Throwable below = e.getCause();
    while (below != null) {
      at = below;
      below = at.getCause();
    }
    return String.valueOf(at.getMessage());
  }
}
