package dev.chrysalis.vault.backend;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class FlakyDirectoryTest extends FlakyContract {
  @TempDir private Path scratch;

  @Override
  protected ErasingBackend emptyStore() {
    return DirectoryBackend.create(scratch.resolve("vault"));
  }
}
