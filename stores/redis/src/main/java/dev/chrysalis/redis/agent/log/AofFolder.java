package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.aof.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The files of an append-only file as they lie in the volume.
///
/// @param manifest whether the server keeps a manifest of files (7 and later)
record AofFolder(Path data, AofNames names, boolean manifest) {
  private static final long LARGEST_MANIFEST = 1 << 20;

  /// Which files they are.
  ///
  /// @param base the file of the base; empty where there is none, and where one file holds all
  /// @param increments in their order; with one file, that file
  record Layout(Optional<String> base, List<Manifest.Part> increments) {}

  /// Looks which files they are now. `AOF_UNREADABLE` where there are none.
  Layout look() {
    if (!manifest) {
      if (!Files.isRegularFile(data.resolve(names.appendFile()))) {
        throw missing(data.resolve(names.appendFile()));
      }
      return new Layout(Optional.empty(), List.of(new Manifest.Part(names.appendFile(), 1)));
    }
    Path file = folder().resolve(names.appendFile() + ".manifest");
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_MANIFEST) {
        throw missing(file);
      }
      Manifest read = Manifest.parse(Files.readString(file, StandardCharsets.ISO_8859_1));
      return new Layout(read.base().map(Manifest.Part::name), read.increments());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  Path path(String name) {
    return folder().resolve(name);
  }

  private Path folder() {
    return manifest ? data.resolve(names.appendFolder()) : data;
  }

  static ChrysalisException unreadable(Path file, IOException e) {
    return new ChrysalisException(
        RedisErrors.AOF_UNREADABLE,
        "cannot read " + file + ": " + e,
        "look at the volume and at the agent's rights on it",
        e);
  }

  private static ChrysalisException missing(Path file) {
    return new ChrysalisException(
        RedisErrors.AOF_UNREADABLE,
        "the server writes an append-only file, but there is no " + file,
        "name the folder that the server shows as dir: REDIS_DATA");
  }
}
