package dev.chrysalis.cli;

import dev.chrysalis.lab.LabSecrets;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.platform.Member;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/// What odyssey's Redis holds, copied to where the stack file says that dumps are: as the written
/// runbook has it copied.
record RdbCopy(LabStage stage) {
  private static final int PORT = 6379;

  /// Copies it. Returns how many keys there are in it at least.
  long write() throws IOException {
    Path copy = stage.lab().layout().dumps().resolve(Datastore.Kind.Redis.DUMP);
    Files.createDirectories(copy.getParent());
    try (Jedis master = master()) {
      long keys = master.dbSize();
      String _ = master.save();
      Map<String, String> folder = master.configGet("dir");
      Path saved = Path.of(folder.getOrDefault("dir", "")).resolve("dump.rdb");
      // A file of its own, which the agents may read as any other.
      try (OutputStream out = Files.newOutputStream(copy)) {
        long _ = Files.copy(saved, out);
      }
      return keys;
    }
  }

  long keys() throws IOException {
    try (Jedis master = master()) {
      return master.dbSize();
    }
  }

  private Jedis master() throws IOException {
    String password =
        Files.readString(new LabSecrets(stage.lab().layout().secrets()).redisPassword()).strip();
    DefaultJedisClientConfig login = DefaultJedisClientConfig.builder().password(password).build();
    try (Site site = stage.site()) {
      for (Member member : site.platform().workload("redis").members()) {
        Jedis server = new Jedis(new HostAndPort(member.address(), PORT), login);
        if ("master".equals(server.role().getFirst())) {
          return server;
        }
        server.close();
      }
    }
    throw new IllegalStateException("nobody leads");
  }
}
