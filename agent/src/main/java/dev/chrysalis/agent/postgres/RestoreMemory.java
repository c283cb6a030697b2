package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.job.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.vault.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Remembers what a restore chose, beside the WAL spool, so that an attempt which goes on with it
/// does not choose again: by then the vault may hold a newer snapshot, or more WAL.
///
/// A memory only counts while the data directory carries the mark of the same restore and no server
/// was started on it; any later restore, also one of the same name, chooses anew.
record RestoreMemory(Path file, Path dataDirectory, String restore) {
  /// What was chosen.
  record Choice(SnapshotId snapshot, int timeline, Lsn target) {}

  Optional<Choice> recall() {
    try {
      Optional<String> text = PrivateFiles.read(file);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      String[] words = text.get().strip().split(" ", -1);
      if (words.length != 4 || !words[0].equals(restore)) {
        return Optional.empty();
      }
      Choice choice =
          new Choice(new SnapshotId(words[1]), Integer.parseInt(words[2]), Lsn.parse(words[3]));
      return isMarked(choice) ? Optional.of(choice) : Optional.empty();
    } catch (IOException e) {
      throw PrivateFiles.failed("read", file, e);
    }
  }

  /// Keeps a choice; on disk when this returns.
  void keep(Choice choice) {
    try {
      PrivateFiles.replace(
          file,
          "%s %s %d %s\n"
              .formatted(restore, choice.snapshot(), choice.timeline(), choice.target()));
    } catch (IOException e) {
      throw PrivateFiles.failed("write", file, e);
    }
  }

  private boolean isMarked(Choice choice) throws IOException {
    // A server renames the label when it starts.
    boolean untouched = Files.exists(dataDirectory.resolve("backup_label"));
    return isMarked(choice, RestoreMark.BEGUN)
        || (untouched && isMarked(choice, RestoreMark.ENDED));
  }

  private boolean isMarked(Choice choice, String name) throws IOException {
    return RestoreMark.read(dataDirectory, name)
        .filter(mark -> mark.isOf(restore, choice.snapshot().value()))
        .isPresent();
  }
}
