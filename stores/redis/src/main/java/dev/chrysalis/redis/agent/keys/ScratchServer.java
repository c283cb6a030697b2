package dev.chrysalis.redis.agent.keys;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.ScratchFolder;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.RedisServer;
import dev.chrysalis.redis.agent.files.ConfigurationFile;
import dev.chrysalis.redis.agent.files.RedisConfiguration;
import dev.chrysalis.redis.agent.files.RestoreTarget;
import dev.chrysalis.redis.agent.server.Keyspace;
import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.redis.agent.server.RedisSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// A server over restored files in a folder of its own. It listens on this machine's loopback only,
/// with a password that nobody else knows; writes nothing but what it must; and is removed with its
/// folder when it is closed; what of one is left that was killed goes with the next one. It needs
/// as much memory as the data.
public final class ScratchServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int KEY_BYTES = 24;
  private static final int FOLDER_MODE = 0700;

  /// More than any server is known to have: what it has not it loads into another one, unheard.
  private static final String DATABASES = "4096";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final ServerProgram program;
  private final ScratchFolder folders;
  private final Path folder;
  private int port;
  private Optional<Process> process = Optional.empty();

  private ScratchServer(ServerProgram program, ScratchFolder folders) {
    this.program = program;
    this.folders = folders;
    this.folder = folders.folder();
  }

  /// Makes a folder for it in another one, with a configuration; nothing runs yet.
  ///
  /// @param name that nobody else uses there at the same time
  public static ScratchServer in(
      Path parent, String name, ServerProgram program, SecureRandom random) {
    try {
      ScratchServer server = new ScratchServer(program, ScratchFolder.make(parent, "redis", name));
      server.prepare(random);
      return server;
    } catch (IOException e) {
      throw RedisErrors.VOLUME.of(
          "cannot prepare", parent, e, "give the agent a folder that it may write to");
    }
  }

  private void prepare(SecureRandom random) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    String password = HexFormat.of().formatHex(key);
    PrivateFiles files = PrivateFiles.likeNearest(folder);
    files.directories(folder, FOLDER_MODE);
    files.directory(data(), FOLDER_MODE);
    files.replace(passwordFile(), password + "\n");
    RedisConfiguration none = RedisConfiguration.parse(new byte[0], "nothing");
    RedisConfiguration made =
        none.with("bind", HOST)
            .with("dir", data().toString())
            .with("requirepass", password)
            .with("appendonly", "yes")
            .with("appendfsync", "no")
            .with("aof-load-truncated", "no")
            .with("auto-aof-rewrite-percentage", "0")
            .with("save", "")
            .with("databases", DATABASES)
            .with("daemonize", "no");
    new ConfigurationFile(configuration(), Optional.empty()).write(made);
  }

  /// Where its files are to be restored.
  public RestoreTarget target() {
    return new RestoreTarget(
        data(),
        new ConfigurationFile(configuration(), Optional.empty()),
        Optional.of(program.version()),
        Optional.empty());
  }

  /// Starts it and waits until it has loaded its files. Where it ends instead `DOES_NOT_LOAD` if it
  /// says that they are damaged, else `SCRATCH_FAILED`.
  ///
  /// @param progress is told of the bytes that were loaded, and of how many there are
  public void start(BiConsumer<Long, Long> progress) {
    boolean loaded = loads(progress);
    if (!loaded && ScratchLog.read(log()).tellsThatThePortIsTaken()) {
      loaded = loads(progress);
    }
    if (!loaded) {
      throw ended();
    }
    try (RedisSession session = connection().open()) {
      String _ = session.text("CONFIG", "SET", "appendonly", "no");
    }
  }

  /// Starts it at another port; false where it ends.
  private boolean loads(BiConsumer<Long, Long> progress) {
    try {
      choosePort();
      process = Optional.of(program.start(configuration(), log()));
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), e);
    }
    while (!hasLoaded(progress)) {
      if (endsWithin(LOOK)) {
        return false;
      }
    }
    return true;
  }

  /// One that is free right before the start: a restore takes long enough for others to take it.
  private void choosePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    ConfigurationFile file = new ConfigurationFile(configuration(), Optional.empty());
    file.write(file.read().with("port", Integer.toString(port)));
  }

  /// Whether it ends in that time.
  private boolean endsWithin(Duration time) {
    try {
      return process.orElseThrow().waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          RedisErrors.INTERRUPTED, "interrupted while a server loaded", "start it again", e);
    }
  }

  private boolean hasLoaded(BiConsumer<Long, Long> progress) {
    try (RedisSession session = connection().open()) {
      Map<String, String> info = session.info();
      if (!"1".equals(info.get("loading"))) {
        return true;
      }
      progress.accept(
          Long.parseLong(info.getOrDefault("loading_loaded_bytes", "0")),
          Long.parseLong(info.getOrDefault("loading_total_bytes", "0")));
      return false;
    } catch (ChrysalisException e) {
      // It does not listen yet.
      return false;
    }
  }

  /// How many keys it has, all databases together.
  public long keys() {
    try (RedisSession session = connection().open()) {
      return Keyspace.keys(session.info());
    }
  }

  public RedisConnection connection() {
    return new RedisConnection(
        new RedisServer(HOST, port, "", Optional.of(passwordFile()), Optional.empty()), TIMEOUT);
  }

  /// Killed, or out of memory, says nothing of the files; an end of its own accord may.
  private ChrysalisException ended() {
    ScratchLog said = ScratchLog.read(log());
    return process.orElseThrow().exitValue() == 1 && said.tellsOfDamage()
        ? new ChrysalisException(
            RedisErrors.DOES_NOT_LOAD,
            "the server cannot load the restored files: " + said.lastWords(),
            "no living key was touched; try another restore point: chrysalis restore-points")
        : failed(said.lastWords(), null);
  }

  private ChrysalisException failed(
      String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new ChrysalisException(
        RedisErrors.SCRATCH_FAILED,
        "the server over the restored files does not start: " + why,
        "no living key was touched; see whether there is memory for the data a second time, and"
            + " whether the server is as new as the one that wrote them; it loads no modules, and"
            + " so no data of theirs",
        cause);
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Path configuration() {
    return folder.resolve("redis.conf");
  }

  private Path passwordFile() {
    return folder.resolve("password");
  }

  private Path log() {
    return folder.resolve("log");
  }

  @Override
  public void close() {
    process.ifPresent(server -> {
      server.destroyForcibly();
      server.onExit().join();
    });
    try {
      folders.close();
    } catch (IOException e) {
      throw RedisErrors.VOLUME.of(
          "cannot remove", folder, e, "remove it by hand: it holds a copy of the data");
    }
  }
}
