package dev.chrysalis.postgres.agent.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// What a directory holds: paths, kinds, modes and contents.
final class Tree {
  private Tree() {}

  static Map<String, String> of(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.forEach(path -> tree.put(root.relativize(path).toString(), describe(path)));
    }
    return tree;
  }

  private static String describe(Path path) {
    try {
      if (Files.isSymbolicLink(path)) {
        return "link to " + Files.readSymbolicLink(path);
      }
      Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if (Files.isDirectory(path)) {
        return "directory " + mode;
      }
      CRC32C crc = new CRC32C();
      crc.update(Files.readAllBytes(path));
      return "file " + mode + " of " + Files.size(path) + " bytes, " + crc.getValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
