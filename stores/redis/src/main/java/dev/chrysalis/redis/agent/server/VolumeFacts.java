package dev.chrysalis.redis.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.aof.RdbWalker;
import dev.chrysalis.redis.agent.files.ConfigurationFile;
import dev.chrysalis.redis.agent.files.RedisConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What lies on a server's volume, by its files alone, whether the server runs or not.
///
/// | key | value |
/// |---|---|
/// | `data` | `present`; `empty`: there is no data; `missing`: there is no such directory; `ignored`: there is only data that the server would not load as it is configured; `half-restored` |
/// | `data.why` | where it is ignored |
/// | `data.aof`, `data.rdb` | bytes of the append-only files, of the RDB file; left out where there are none |
/// | `data.keys` | `none` where it is certain that the files hold no key |
/// | `restore.job`, `.snapshot`, `.at` | of the restore that made it, or was begun |
/// | `conf.role` | what the configuration file makes of the server: `master`, `replica of HOST PORT`; left out where there is none |
final class VolumeFacts {
  /// A keyless RDB file is smaller: larger ones need not be read.
  private static final long KEYLESS_BYTES = 4096;

  private final Map<String, String> status;
  private final Path directory;
  private final Optional<RedisConfiguration> configuration;
  private final Path rdb;
  private final Path singleAof;
  private final Path aofDirectory;
  private final String aofName;

  private VolumeFacts(
      Map<String, String> status, Path directory, Optional<RedisConfiguration> configuration) {
    this.status = status;
    this.directory = directory;
    this.configuration = configuration;
    aofName = value("appendfilename", "appendonly.aof");
    rdb = directory.resolve(value("dbfilename", "dump.rdb"));
    singleAof = directory.resolve(aofName);
    aofDirectory = directory.resolve(value("appenddirname", "appendonlydir"));
  }

  static void add(Map<String, String> status, Path directory, Optional<Path> configuration) {
    try {
      Optional<RedisConfiguration> read =
          configuration.flatMap(
              file -> new ConfigurationFile(file, Optional.empty()).readIfThere());
      new VolumeFacts(status, directory, read).add();
    } catch (IOException | UncheckedIOException e) {
      throw RedisErrors.VOLUME.of(
          "cannot read", directory, e, "look at the volume and at the agent's rights on it");
    }
  }

  private void add() throws IOException {
    configuration.flatMap(VolumeFacts::role).ifPresent(role -> status.put("conf.role", role));
    // A server that is down does not say how others call it.
    Addresses.announced(
        status, value("replica-announce-ip", ""), value("replica-announce-port", ""));
    if (!Files.isDirectory(directory)) {
      status.put("data", "missing");
      return;
    }
    List<Path> aof = aofFiles();
    if (!aof.isEmpty()) {
      long bytes = 0;
      for (Path file : aof) {
        bytes += size(file);
      }
      status.put("data.aof", Long.toString(bytes));
    }
    if (Files.exists(rdb)) {
      status.put("data.rdb", Long.toString(size(rdb)));
    }
    RestoreMark.read(directory, RestoreMark.ENDED).ifPresent(this::addMark);
    addState(!aof.isEmpty(), Files.exists(rdb));
    if ("present".equals(status.get("data")) && holdNoKey(aof)) {
      status.put("data.keys", "none");
    }
  }

  private void addState(boolean aof, boolean rdbThere) throws IOException {
    boolean loaded = configuration.isEmpty() ? aof || rdbThere : appendOnly() ? aof : rdbThere;
    Optional<RestoreMark> begun = RestoreMark.read(directory, RestoreMark.BEGUN);
    if (begun.isPresent()) {
      addMark(begun.get());
      status.put("data", "half-restored");
    } else if (loaded) {
      status.put("data", "present");
    } else if (aof || rdbThere) {
      status.put("data", "ignored");
      status.put(
          "data.why",
          aof
              ? "there is only an append-only file, and appendonly is no"
              : "there is only an RDB file, and appendonly is yes: it would not be loaded");
    } else {
      status.put("data", "empty");
    }
  }

  private void addMark(RestoreMark mark) {
    status.put("restore.job", mark.job());
    status.put("restore.snapshot", mark.snapshot());
    mark.at().ifPresent(at -> status.put("restore.at", at.toString()));
  }

  private boolean appendOnly() {
    return value("appendonly", "no").equals("yes");
  }

  /// Whether what would be loaded is certain to hold no key.
  private boolean holdNoKey(List<Path> aof) throws IOException {
    if (aof.isEmpty()) {
      return isKeyless(rdb);
    }
    for (Path file : aof) {
      boolean manifest = file.getFileName().toString().endsWith(".manifest");
      if (!manifest && size(file) > 0 && !isKeyless(file)) {
        return false;
      }
    }
    return true;
  }

  /// Whether the file is an RDB without a key, and nothing comes behind it.
  private static boolean isKeyless(Path file) throws IOException {
    long size = size(file);
    if (size > KEYLESS_BYTES) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      RdbWalker.Found found = RdbWalker.walk(in);
      return found.keys() == 0 && found.bytes() == size;
    } catch (ChrysalisException | NoSuchFileException e) {
      // Commands, or a file that is being written: it may hold keys.
      return false;
    }
  }

  private List<Path> aofFiles() throws IOException {
    if (Files.exists(aofDirectory.resolve(aofName + ".manifest"))) {
      try (Stream<Path> files = Files.list(aofDirectory)) {
        return files.filter(f -> f.getFileName().toString().startsWith(aofName)).toList();
      }
    }
    return Files.isRegularFile(singleAof) ? List.of(singleAof) : List.of();
  }

  /// A file that a rewrite removes meanwhile has no size.
  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private static Optional<String> role(RedisConfiguration configuration) {
    try {
      return Optional.of(
          switch (configuration.role()) {
            case RedisConfiguration.Role.Leads() -> "master";
            case RedisConfiguration.Role.Follows(String host, int port) ->
                "replica of " + host + " " + port;
          });
    } catch (ChrysalisException e) {
      // No server would start with it: it makes nothing of one.
      return Optional.empty();
    }
  }

  private String value(String name, String otherwise) {
    try {
      return configuration.map(said -> said.value(name, otherwise)).orElse(otherwise);
    } catch (ChrysalisException e) {
      // What another file says that it includes is not known here; `check` tells of it.
      return otherwise;
    }
  }
}
