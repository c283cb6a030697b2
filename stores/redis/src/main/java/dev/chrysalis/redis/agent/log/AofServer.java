package dev.chrysalis.redis.agent.log;

import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.redis.agent.server.RedisSession;
import java.util.LinkedHashMap;
import java.util.Map;

/// A session with the server whose files are shipped. For one thread.
final class AofServer implements AutoCloseable {
  private final RedisSession session;

  private AofServer(RedisSession session) {
    this.session = session;
  }

  static AofServer open(RedisConnection connection) {
    return new AofServer(connection.open());
  }

  ServerMoment moment() {
    Map<String, String> info = new LinkedHashMap<>(session.info());
    for (String line : session.text("INFO", "commandstats").lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        info.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    return ServerMoment.of(info);
  }

  AofNames names() {
    return new AofNames(
        session.setting("appendfilename").orElse("appendonly.aof"),
        session.setting("appenddirname").orElse("appendonlydir"),
        session.setting("dbfilename").orElse("dump.rdb"),
        session.setting("aclfile").orElse(""));
  }

  /// Begins a rewrite of the append-only file, now or when a save under way has ended.
  void rewrite() {
    Object _ = session.ask("BGREWRITEAOF");
  }

  /// Begins an RDB: it holds the state as it is when this returns.
  void save() {
    Object _ = session.ask("BGSAVE");
  }

  @Override
  public void close() {
    session.close();
  }
}
