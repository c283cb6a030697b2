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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The configuration files that lie outside the data directory (as on Debian). They go into the
/// snapshot as `chrysalis/config/NAME`, for people: a restore lays them there and does not put them
/// into force. So do files that they include, as those of `conf.d`, where settings in force come
/// from them; two of one name get that of their folder before it.
final class OutsideConfiguration {
  private static final List<String> SETTINGS = List.of("config_file", "hba_file", "ident_file");

  private final CopyProgress progress;

  OutsideConfiguration(CopyProgress progress) {
    this.progress = progress;
  }

  void copy(ServerState state, Path dataDirectory, FileCopier copier) {
    Map<String, Path> outside = new LinkedHashMap<>();
    Path inside = Path.of(state.setting("data_directory"));
    Set<Path> files = new LinkedHashSet<>();
    SETTINGS.forEach(setting -> files.add(Path.of(state.setting(setting))));
    state.configurationFiles().forEach(file -> files.add(Path.of(file)));
    for (Path file : files) {
      if (file.isAbsolute() && !file.startsWith(inside) && !file.startsWith(dataDirectory)) {
        outside.put(outside.containsKey(name(file)) ? longName(file) : name(file), file);
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

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static String longName(Path file) {
    return file.getName(file.getNameCount() - 2) + "-" + name(file);
  }

  private static FoundFile found(String path, Path file, FileEntry.Kind kind, int mode) {
    return new FoundFile(path, file, kind, mode, 0, Instant.EPOCH, "");
  }
}
