package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.postgres.Lsn;
import java.util.ArrayList;
import java.util.List;

/// The pages of a backup that failed their checksum. A page that says that it was changed after the
/// backup's start may have been read half written, and recovery will rewrite it from the WAL; but
/// where its position lies even behind the backup's stop, the position itself is damage. That can
/// be told only at the end. Safe for many threads; keeps a bounded number of them.
final class DamagedPages {
  private static final int LATE_KEPT = 10_000;
  private static final int NAMES_KEPT = 10;

  private final Lsn start;
  private final List<String> names = new ArrayList<>();
  private final List<Late> late = new ArrayList<>();
  private long count;

  DamagedPages(Lsn start) {
    this.start = start;
  }

  /// Records a page that failed twice.
  ///
  /// @param file its path in the backup
  /// @param block its number in the relation
  /// @param changedAt the position that the page itself names
  synchronized void add(String file, int block, Lsn changedAt) {
    if (changedAt.compareTo(start) < 0) {
      addDamaged(file, block);
    } else if (late.size() < LATE_KEPT) {
      late.add(new Late(file, block, changedAt));
    }
  }

  /// Decides on those that could not be decided before.
  synchronized void settle(Lsn stop) {
    for (Late page : late) {
      if (page.changedAt.compareTo(stop) > 0) {
        addDamaged(page.file, page.block);
      }
    }
    late.clear();
  }

  private void addDamaged(String file, int block) {
    count++;
    if (names.size() < NAMES_KEPT) {
      names.add(file + ":" + block);
    }
  }

  synchronized long count() {
    return count;
  }

  /// The first few, as `base/5/1259:12`.
  synchronized List<String> names() {
    return List.copyOf(names);
  }

  private record Late(String file, int block, Lsn changedAt) {}
}
