package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What of a server's configuration says where its files are, compared with the volume on which it
/// is to start. What an included file may say is not known here, and refuses nothing.
record VolumeSettings(RedisConfiguration configuration, Path data) {
  /// `BAD_SETTING` where the server would look for its data anywhere else, and start empty there.
  void requireDir() throws IOException {
    Path dir = configuration.certain("dir").map(Path::of).orElse(data);
    if (dir.isAbsolute() && !isSame(dir, data)) {
      throw new ChrysalisException(
          RedisErrors.BAD_SETTING,
          "the server's dir is %s by its configuration, and %s was named".formatted(dir, data),
          "nothing was touched; name the server's dir (--data, REDIS_DATA), where the volume is to"
              + " be seen as the server sees it, or correct the configuration");
    }
  }

  /// The ACL file, where it is to be on the volume; empty where it is elsewhere or there is none.
  Optional<Path> aclFile() throws IOException {
    Optional<Path> named =
        configuration.certain("aclfile").filter(text -> !text.isEmpty()).map(data::resolve);
    return (named.isPresent() && real(named.get()).startsWith(real(data)))
        ? named.map(Path::normalize)
        : Optional.empty();
  }

  /// `BAD_SETTING` where the server would end at once, since there is no ACL file.
  void requireAclFile() throws IOException {
    Optional<Path> missing = aclFile().filter(file -> !Files.exists(file));
    if (missing.isPresent()) {
      throw noAclFile(missing.get());
    }
  }

  static ChrysalisException noAclFile(Path file) {
    return new ChrysalisException(
        RedisErrors.BAD_SETTING,
        "no server starts without the configuration's aclfile, and there is none to put at " + file,
        "nothing was touched; name one outside the volume, where every start finds it, or take the"
            + " line out");
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    return (Files.exists(one) && Files.exists(other))
        ? Files.isSameFile(one, other)
        : real(one).equals(real(other));
  }

  /// Without links, as far as it is there.
  static Path real(Path path) throws IOException {
    Path whole = path.toAbsolutePath().normalize();
    Path there = whole;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there.toRealPath().resolve(there.relativize(whole));
  }
}
