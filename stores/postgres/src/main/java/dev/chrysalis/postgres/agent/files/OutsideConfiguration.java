package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.volumes.FileCopier;
import dev.chrysalis.volumes.FoundFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The configuration files that lie outside the data directory (as on Debian). They go into the
/// snapshot as `chrysalis/config/NAME`, for people: a restore lays them there and does not put them
/// into force. Files that they include are not followed.
final class OutsideConfiguration {
  private static final List<String> SETTINGS = List.of("config_file", "hba_file", "ident_file");

  private final CopyProgress progress;

  OutsideConfiguration(CopyProgress progress) {
    this.progress = progress;
  }

  void copy(ServerState state, Path dataDirectory, FileCopier copier) {
    Map<String, Path> outside = new LinkedHashMap<>();
    Path inside = Path.of(state.setting("data_directory"));
    for (String setting : SETTINGS) {
      Path file = Path.of(state.setting(setting));
      if (file.isAbsolute() && !file.startsWith(inside) && !file.startsWith(dataDirectory)) {
        outside.put(String.valueOf(file.getFileName()), file);
      }
    }
    if (outside.isEmpty()) {
      return;
    }
    copier.accept(found("chrysalis", dataDirectory, FileEntry.Kind.DIRECTORY, 0700));
    copier.accept(found("chrysalis/config", dataDirectory, FileEntry.Kind.DIRECTORY, 0700));
    outside.forEach((name, file) -> {
      if (Files.isReadable(file)) {
        copier.accept(found("chrysalis/config/" + name, file, FileEntry.Kind.FILE, 0600));
      } else {
        progress.note("the agent cannot read " + file + ": it is not in the backup");
      }
    });
  }

  private static FoundFile found(String path, Path file, FileEntry.Kind kind, int mode) {
    return new FoundFile(path, file, kind, mode, 0, Instant.EPOCH, "");
  }
}
