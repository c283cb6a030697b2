package dev.chrysalis.vault.prune;

import dev.chrysalis.vault.backend.DirectoryBackend;
import dev.chrysalis.vault.backend.ErasingBackend;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryPruneTest extends PruneContract {
  @TempDir private Path folder;

  @Override
  protected ErasingBackend emptyPlace() {
    return DirectoryBackend.at(folder);
  }
}
