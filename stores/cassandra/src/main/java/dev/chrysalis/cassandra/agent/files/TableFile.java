package dev.chrysalis.cassandra.agent.files;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file of a table as a snapshot in the vault calls it:
/// `data/0/butterfly/capsules-92e0e610ea0311f1a87c311c41055dd3/nb-1-big-Data.db`; that of a
/// secondary index lies one folder deeper.
///
/// @param disk the number of the folder of tables that it lay in
/// @param keyspace its keyspace
/// @param folder the table's name and id
/// @param file its name, with the index's folder before it where it is one's
public record TableFile(int disk, String keyspace, String folder, String file) {
  private static final String KEYSPACE = "[A-Za-z0-9_]{1,222}";
  private static final String FOLDER = "[A-Za-z0-9_]{1,222}-[0-9a-f]{32}";
  private static final String FILE =
      "(?:\\.[A-Za-z0-9_]{1,222}/)?[A-Za-z0-9_][A-Za-z0-9_.+-]{0,250}";
  private static final Pattern FORM =
      Pattern.compile("data/([0-9]{1,3})/(%s)/(%s)/(%s)".formatted(KEYSPACE, FOLDER, FILE));
  private static final Pattern IS_KEYSPACE = Pattern.compile(KEYSPACE);
  private static final Pattern IS_FOLDER = Pattern.compile(FOLDER);
  private static final Pattern IS_FILE = Pattern.compile(FILE);
  private static final String SYSTEM = "system";

  /// What a node knows for itself and for a moment: whom it knew by which address, what it was to
  /// tell others later, and what it measures anew.
  private static final Set<String> NOT_RESTORED =
      Set.of(
          "available_ranges",
          "available_ranges_v2",
          "batches",
          "compaction_history",
          "peer_events",
          "peer_events_v2",
          "peers",
          "peers_v2",
          "prepared_statements",
          "size_estimates",
          "sstable_activity",
          "sstable_activity_v2",
          "table_estimates",
          "top_partitions",
          "transferred_ranges",
          "transferred_ranges_v2",
          "view_builds_in_progress");

  public TableFile {
    if (!IS_KEYSPACE.matcher(keyspace).matches()
        || !IS_FOLDER.matcher(folder).matches()
        || !IS_FILE.matcher(file).matches()) {
      throw new IllegalArgumentException(
          "not a table's file: %s/%s/%s".formatted(keyspace, folder, file));
    }
  }

  /// Whether its keyspace is not one of the server's own.
  boolean isOfUsers() {
    return !keyspace.equals(SYSTEM) && !keyspace.startsWith("system_");
  }

  /// Reads a snapshot's path; empty where it is not one of a table's file.
  public static Optional<TableFile> parse(String path) {
    Matcher m = FORM.matcher(path);
    return m.matches()
        ? Optional.of(
            new TableFile(Integer.parseInt(m.group(1)), m.group(2), m.group(3), m.group(4)))
        : Optional.empty();
  }

  /// Whether a folder of that name is a table's.
  static boolean isFolder(String name) {
    return IS_FOLDER.matcher(name).matches();
  }

  /// Whether a folder of that name is a keyspace's.
  public static boolean isKeyspace(String name) {
    return IS_KEYSPACE.matcher(name).matches();
  }

  /// Whether a backup takes the tables of that folder.
  static boolean isKept(String keyspace, String folder) {
    return !keyspace.equals(SYSTEM) || !NOT_RESTORED.contains(table(folder));
  }

  /// The table's name.
  public String table() {
    return table(folder);
  }

  private static String table(String folder) {
    return folder.substring(0, folder.lastIndexOf('-'));
  }

  /// The path in a snapshot.
  public String path() {
    return "data/%d/%s/%s/%s".formatted(disk, keyspace, folder, file);
  }
}
