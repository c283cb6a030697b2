package dev.chrysalis.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// What a member of Redis and of its Sentinels begins with: settings that are copied into a volume
/// which has none. From then on the program itself rewrites its copy, whenever a failover changes
/// who follows whom.
///
/// The templates say that the first server is the master and all others follow it, whatever became
/// of them since: a first server that loses its volume comes back as an empty master.
///
/// They hold the password, so they are private files, and lie outside of the volumes.
record RedisTemplates(LabLayout layout, LabSecrets secrets, LabAddresses addresses) {
  /// What the Sentinels call the servers that they watch together.
  static final String MASTER_NAME = "mymaster";

  /// A user who may ask whether a server answers and can serve, and nothing else.
  static final String PROBE_USER = "readiness";

  private static final int QUORUM = 2;

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// Copies the template in one act where the volume has no settings yet, and becomes the program.
  private static final String STARTER =
      """
      #!/bin/sh
      # start TEMPLATE SETTINGS PROGRAM [ARGUMENT…]
      set -eu
      umask 077
      template=$1
      settings=$2
      shift 2
      if [ ! -f "$settings" ]; then
        cp "$template" "$settings.new"
        mv "$settings.new" "$settings"
      fi
      exec "$@"
      """;

  /// Writes all of them into the folder, which is there and empty.
  void write() throws IOException {
    file(starter(), STARTER);
    List<String> servers = addresses.redis();
    for (int ordinal = 0; ordinal < servers.size(); ordinal++) {
      String name = LabAddresses.REDIS + "-" + ordinal;
      file(template(name), server(name, servers.get(ordinal), ordinal == 0));
    }
    List<String> sentinels = addresses.sentinels();
    for (int ordinal = 0; ordinal < sentinels.size(); ordinal++) {
      String name = LabAddresses.SENTINEL + "-" + ordinal;
      file(template(name), sentinel(name, sentinels.get(ordinal)));
    }
  }

  /// The script that starts a member.
  Path starter() {
    return layout.redisTemplates().resolve("start");
  }

  /// The template of the member of that name, which may be a placeholder.
  Path template(String member) {
    return layout.redisTemplates().resolve(member + ".conf");
  }

  private String server(String name, String address, boolean master) throws IOException {
    return common(name, address, LabAddresses.REDIS_PORT)
        + """
        masterauth %s
        user %s on nopass -@all +ping
        replica-announce-ip %s
        appendonly yes
        appendfsync everysec
        aof-use-rdb-preamble yes
        save 3600 1
        repl-diskless-sync yes
        repl-diskless-sync-delay 0
        repl-backlog-size 16mb
        maxmemory 256mb
        maxmemory-policy noeviction
        """
            .formatted(password(), PROBE_USER, address)
        + (master
            ? ""
            : "replicaof %s %d\n".formatted(addresses.redis().getFirst(), LabAddresses.REDIS_PORT));
  }

  private String sentinel(String name, String address) throws IOException {
    return common(name, address, LabAddresses.SENTINEL_PORT)
        + """
        sentinel announce-ip %2$s
        sentinel announce-port %3$d
        sentinel monitor %1$s %4$s %5$d %6$d
        sentinel auth-pass %1$s %7$s
        sentinel down-after-milliseconds %1$s 2000
        sentinel failover-timeout %1$s 10000
        sentinel parallel-syncs %1$s 1
        """
            .formatted(
                MASTER_NAME,
                address,
                LabAddresses.SENTINEL_PORT,
                addresses.redis().getFirst(),
                LabAddresses.REDIS_PORT,
                QUORUM,
                password());
  }

  private String common(String name, String address, int port) throws IOException {
    return """
    bind %s
    port %d
    protected-mode yes
    daemonize no
    dir "%s"
    requirepass %s
    """
        .formatted(address, port, escaped(layout.volume(name).toString()), password());
  }

  private String password() throws IOException {
    return Files.readString(secrets.redisPassword()).strip();
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static void file(Path file, String text) throws IOException {
    Files.createFile(file, PRIVATE);
    Files.writeString(file, text, StandardOpenOption.WRITE);
  }
}
