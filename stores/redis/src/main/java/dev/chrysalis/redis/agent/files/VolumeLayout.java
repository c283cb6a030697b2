package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.archive.BaseFacts;
import java.nio.file.Path;
import java.util.Optional;

/// Which files a server loads: what it finds anywhere else it ignores, and starts empty.
///
/// | append-only file | release | where the base goes, and the log behind it |
/// |---|---|---|
/// | on | 7.0 and later | `appendonlydir/appendonly.aof.1.base.rdb` and `.1.incr.aof`, listed in the manifest |
/// | on | before, or not known | one file, `appendonly.aof`, which later releases take over |
/// | off | any | `dump.rdb` |
///
/// The names are those that the configuration says. Commands are loaded only with the append-only
/// file on: where there are any, it is.
sealed interface VolumeLayout {
  /// With a manifest.
  ///
  /// @param folder in the data directory
  /// @param name what the files' names begin with
  record Manifest(String folder, String name, String suffix) implements VolumeLayout {
    String base() {
      return name + ".1.base." + suffix;
    }

    String log() {
      return name + ".1.incr.aof";
    }

    String manifest() {
      return name + ".manifest";
    }

    String text() {
      return "file %s seq 1 type b\nfile %s seq 1 type i\n"
          .formatted(quoted(base()), quoted(log()));
    }

    private static String quoted(String file) {
      return ConfigurationLine.of(java.util.List.of(file)).raw();
    }
  }

  /// The base with the log behind it, in one file.
  record Single(String file) implements VolumeLayout {}

  /// The base alone.
  record Rdb(String file) implements VolumeLayout {}

  default boolean appendOnly() {
    return switch (this) {
      case Manifest _, Single _ -> true;
      case Rdb _ -> false;
    };
  }

  static VolumeLayout of(
      RedisConfiguration configuration, Optional<RedisVersion> server, RestoreContent content) {
    boolean commands = content.logBytes() > 0 || content.format() == BaseFacts.Format.AOF;
    if (!commands && !configuration.value("appendonly", "no").equalsIgnoreCase("yes")) {
      return new Rdb(name(configuration, "dbfilename", "dump.rdb"));
    }
    String aof = name(configuration, "appendfilename", "appendonly.aof");
    if (server.filter(RedisVersion::keepsManifest).isEmpty()) {
      return new Single(aof);
    }
    String suffix = content.format() == BaseFacts.Format.RDB ? "rdb" : "aof";
    return new Manifest(name(configuration, "appenddirname", "appendonlydir"), aof, suffix);
  }

  private static String name(RedisConfiguration configuration, String directive, String otherwise) {
    String name = configuration.value(directive, otherwise);
    Path path = Path.of(name);
    if (name.isEmpty() || path.isAbsolute() || path.getNameCount() != 1 || name.startsWith(".")) {
      throw new ChrysalisException(
          RedisErrors.BAD_SETTING,
          "the configuration's " + directive + " is not the name of a file in dir",
          "no server takes it either: correct the configuration");
    }
    return name;
  }
}
