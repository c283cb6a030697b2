package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.agent.server.ControlFile;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which files of a cluster a base backup leaves out: those that the server makes anew at each
/// start (as `src/backend/backup/basebackup.c` lists them), and those that belong to this server's
/// run or to its last recovery and would mislead a restored one.
final class SkippedFiles {
  private static final Set<String> EMPTIED =
      Set.of(
          "pg_dynshmem",
          "pg_notify",
          "pg_replslot",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans",
          "pg_wal/archive_status",
          "pg_wal/summaries");
  private static final Set<String> LEFT_OUT =
      Set.of(
          "backup_label",
          "backup_label.old",
          "backup_manifest",
          "chrysalis",
          UndoPlaces.DIRECTORY,
          "pg_wal/" + UndoPlaces.DIRECTORY,
          "current_logfiles",
          "current_logfiles.tmp",
          "postgresql.auto.conf.tmp",
          "postmaster.opts",
          "postmaster.pid",
          "recovery.signal",
          "standby.signal",
          "tablespace_map",
          "tablespace_map.old",
          RestoreMark.BEGUN,
          RestoreMark.ENDED,
          ControlFile.PATH);
  private static final Pattern TEMPORARY_RELATION =
      Pattern.compile("t[0-9]+_[0-9]+(_(fsm|vm|init))?(\\.[0-9]+)?");
  private static final Pattern RELATION =
      Pattern.compile("([0-9]+)(_(fsm|vm|init))?(\\.([0-9]+))?");
  private static final Pattern DATABASE =
      Pattern.compile("global|base/[0-9]+|pg_tblspc/[0-9]+/PG_[^/]+/[0-9]+");

  private SkippedFiles() {}

  /// Whether a directory is kept but nothing of what is in it.
  static boolean isEmptied(String path) {
    return EMPTIED.contains(path);
  }

  /// Whether an entry is left out whole.
  static boolean isLeftOut(String path, String name) {
    return LEFT_OUT.contains(path)
        || name.startsWith("pgsql_tmp")
        || name.startsWith("pg_internal.init")
        || name.equals("lost+found");
  }

  /// Whether a directory holds relations.
  static boolean holdsRelations(String path) {
    return DATABASE.matcher(path).matches();
  }

  /// Whether a file in such a directory belongs to a temporary relation.
  static boolean isTemporaryRelation(String name) {
    return TEMPORARY_RELATION.matcher(name).matches();
  }

  /// What a file's name in such a directory says, or empty where it is no relation's.
  static Optional<RelationFile> relation(String name) {
    Matcher m = RELATION.matcher(name);
    if (!m.matches()) {
      return Optional.empty();
    }
    String fork = m.group(3) == null ? "" : m.group(3);
    int segment = m.group(5) == null ? 0 : Integer.parseInt(m.group(5));
    return Optional.of(new RelationFile(m.group(1), fork, segment));
  }

  /// What the path of a file says, or empty where it is no relation's.
  static Optional<RelationFile> relationAt(String path) {
    int slash = path.lastIndexOf('/');
    return slash > 0 && holdsRelations(path.substring(0, slash))
        ? relation(path.substring(slash + 1))
        : Optional.empty();
  }

  /// A relation's file.
  ///
  /// @param number the file node, in decimal
  /// @param fork `fsm`, `vm`, `init`, or empty for the main fork
  /// @param segment its number; each segment but the last has 1 GiB
  record RelationFile(String number, String fork, int segment) {
    boolean isInitFork() {
      return fork.equals("init");
    }
  }
}
