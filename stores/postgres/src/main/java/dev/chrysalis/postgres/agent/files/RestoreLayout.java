package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where each entry of a snapshot goes. Made by reading the whole manifest once, before anything is
/// touched. Properties: no entry lands outside the data directory and the tablespaces' places,
/// whatever the manifest says: links exist only as `pg_tblspc/OID`, and what is written under one
/// is written to its place directly, not through the link.
final class RestoreLayout {
  private static final Pattern TABLESPACE = Pattern.compile("pg_tblspc/([0-9]+)(/(.*))?");

  private final Path dataDirectory;
  private final Map<String, Path> tablespaces = new TreeMap<>();
  private final Map<Path, Long> bytes = new LinkedHashMap<>();
  private long files;
  private int rootMode = 0700;
  private boolean control;

  private RestoreLayout(Path dataDirectory) {
    this.dataDirectory = dataDirectory;
    bytes.put(dataDirectory, 0L);
  }

  static RestoreLayout of(SnapshotReader reader, Path dataDirectory, TablespacePlaces places) {
    RestoreLayout layout = new RestoreLayout(dataDirectory.toAbsolutePath().normalize());
    try (Stream<FileEntry> entries = reader.entries()) {
      entries.forEach(entry -> layout.add(entry, places));
    }
    if (!layout.control) {
      throw damaged("the snapshot has no control file: it is no base backup");
    }
    return layout;
  }

  private void add(FileEntry entry, TablespacePlaces places) {
    switch (entry.kind()) {
      case LINK -> addTablespace(entry, places);
      case FILE -> {
        files++;
        bytes.merge(rootOf(entry.path()), entry.size(), Long::sum);
        control |= entry.path().equals(ControlFile.PATH);
      }
      case DIRECTORY -> {
        if (entry.path().equals("base")) {
          rootMode = (entry.mode() & 0750) | 0700;
        }
      }
    }
  }

  private void addTablespace(FileEntry link, TablespacePlaces places) {
    Matcher m = TABLESPACE.matcher(link.path());
    if (!m.matches() || m.group(2) != null) {
      throw damaged("the snapshot has a link that is no tablespace: " + link.path());
    }
    Path place = places.placeOf(m.group(1), Path.of(link.linkTarget()));
    for (Path other : bytes.keySet()) {
      if (place.startsWith(other) || other.startsWith(place)) {
        throw new ChrysalisException(
            PostgresErrors.BAD_SETTING,
            "tablespace %s would go to %s, which overlaps %s".formatted(m.group(1), place, other),
            "give each tablespace a directory of its own, outside the data directory");
      }
    }
    tablespaces.put(m.group(1), place);
    bytes.put(place, 0L);
  }

  /// The data directory, or the tablespace's place, in which an entry goes.
  Path rootOf(String path) {
    Matcher m = TABLESPACE.matcher(path);
    return m.matches() ? tablespaces.getOrDefault(m.group(1), dataDirectory) : dataDirectory;
  }

  /// Where an entry is to be written.
  Path pathOf(FileEntry entry) {
    Matcher m = TABLESPACE.matcher(entry.path());
    if (entry.kind() != FileEntry.Kind.LINK && m.matches() && m.group(3) != null) {
      Path place = tablespaces.get(m.group(1));
      if (place != null) {
        return place.resolve(m.group(3));
      }
    }
    return dataDirectory.resolve(entry.path());
  }

  /// Where a tablespace's link points to from now on.
  Path targetOf(FileEntry link) {
    Path place = tablespaces.get(link.path().substring("pg_tblspc/".length()));
    if (place == null) {
      throw damaged("the snapshot's list of files changed while it was read");
    }
    return place;
  }

  Path dataDirectory() {
    return dataDirectory;
  }

  /// The tablespaces' places, by OID.
  Map<String, Path> tablespaces() {
    return tablespaces;
  }

  long files() {
    return files;
  }

  int rootMode() {
    return rootMode;
  }

  long totalBytes() {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  /// How many bytes each file system gets, by some directory on it that exists.
  Map<Path, Long> bytesByFileSystem() throws IOException {
    Map<Object, Path> directories = new HashMap<>();
    Map<Path, Long> needs = new LinkedHashMap<>();
    for (Map.Entry<Path, Long> need : bytes.entrySet()) {
      Path there = existing(need.getKey());
      Object device = Files.getAttribute(there, "unix:dev");
      Path first = directories.computeIfAbsent(device, _ -> there);
      needs.merge(first, need.getValue(), Long::sum);
    }
    return needs;
  }

  static Path existing(Path path) {
    Path there = path;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  private static ChrysalisException damaged(String what) {
    return new ChrysalisException(VaultErrors.OBJECT_DAMAGED, what, "choose another snapshot");
  }
}
