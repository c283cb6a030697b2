package dev.chrysalis.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Packs of a vault in a directory in which no chunk can be authentic any more, while the tables at
/// their ends can still be read: what only a restore notices.
final class DamagedPacks {
  /// Closer together than chunks are long, so that a restore fails whichever it reads. One in place
  /// reads few.
  private static final int STRIDE = 97;

  private final Map<Path, byte[]> good = new LinkedHashMap<>();

  private DamagedPacks() {}

  /// Damages all packs of note.
  static DamagedPacks in(Path vault) throws IOException {
    DamagedPacks damaged = new DamagedPacks();
    for (Path pack : find(vault)) {
      damaged.damage(pack);
    }
    return damaged;
  }

  /// Packs that hold more than a few small files.
  static List<Path> find(Path vault) throws IOException {
    try (Stream<Path> all = Files.walk(vault)) {
      return all.filter(Files::isRegularFile)
          .filter(p -> p.toString().contains("/pack"))
          .filter(p -> p.toFile().length() > 10_000)
          .toList();
    }
  }

  private void damage(Path pack) throws IOException {
    byte[] bytes = Files.readAllBytes(pack);
    good.put(pack, bytes);
    byte[] bad = bytes.clone();
    for (int i = bytes.length / 50; i < bytes.length / 10 * 9; i += STRIDE) {
      bad[i] ^= 0x40;
    }
    Files.write(pack, bad);
  }

  /// Writes back what was there.
  void repair() {
    good.forEach((pack, bytes) -> {
      try {
        Files.write(pack, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }
}
