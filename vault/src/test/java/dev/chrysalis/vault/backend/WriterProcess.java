package dev.chrysalis.vault.backend;

import dev.chrysalis.vault.backend.Backend.Created;
import java.nio.file.Path;

/// A process of its own that creates objects until it is killed, and prints each key that it won.
final class WriterProcess {
  static final long SIZE = 300_000;

  private WriterProcess() {}

  /// @param args the vault's directory, and the seed of this writer's objects
  public static void main(String[] args) {
    int seed = Integer.parseInt(args[1]);
    try (Backend backend = DirectoryBackend.at(Path.of(args[0]))) {
      for (int i = 0; ; i++) {
        String key = String.format("objects/%02d/%06d", i % 7, i);
        if (backend.create(key, new PatternBody(SIZE, seed)) == Created.NEW) {
          System.out.println(key);
          System.out.flush();
        }
      }
    }
  }
}
