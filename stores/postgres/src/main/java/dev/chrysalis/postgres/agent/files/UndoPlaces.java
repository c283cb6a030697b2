package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.platform.volume.LeftOvers;
import dev.chrysalis.platform.volume.PrivateFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where an in-place restore keeps what it replaces: in `chrysalis-undo/NAME` of the data
/// directory, and in a directory of that name on every other volume (each tablespace, and a
/// `pg_wal` that is a link), so that a file is set aside by a rename. No backup holds them, and no
/// server looks there.
record UndoPlaces(Path dataDirectory, String name) {
  static final String DIRECTORY = "chrysalis-undo";

  private static final String TABLESPACES = "pg_tblspc";
  private static final String WAL = "pg_wal";
  private static final String LOG = "log";

  Path log() {
    return dataDirectory.resolve(DIRECTORY, name, LOG);
  }

  /// Whether the restore of that name keeps something here.
  boolean exist() {
    return Files.exists(log());
  }

  Path resolve(String path) {
    return dataDirectory.resolve(path);
  }

  /// The place, on the same volume as the path, for what is set aside under a number.
  String aside(String path, long number) {
    String[] parts = path.split("/", 3);
    String root = "";
    if (parts[0].equals(TABLESPACES) && parts.length == 3) {
      root = TABLESPACES + "/" + parts[1] + "/";
    } else if (parts[0].equals(WAL) && parts.length > 1 && Files.isSymbolicLink(resolve(WAL))) {
      root = WAL + "/";
    }
    return root + DIRECTORY + "/" + name + "/" + number;
  }

  /// The directories on all volumes, that of the data directory last.
  List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>();
    Path links = resolve(TABLESPACES);
    if (Files.isDirectory(links)) {
      try (DirectoryStream<Path> tablespaces = Files.newDirectoryStream(links)) {
        tablespaces.forEach(tablespace -> all.add(tablespace.resolve(DIRECTORY, name)));
      }
    }
    all.add(resolve(WAL).resolve(DIRECTORY, name));
    all.add(resolve(DIRECTORY).resolve(name));
    all.removeIf(place -> !Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS));
    return all;
  }

  /// Removes all that is kept: from then on there is no way back.
  void remove() throws IOException {
    for (Path place : all()) {
      Files.walkFileTree(place, new LeftOvers(place));
      Files.delete(place);
      Path parent = PrivateFiles.parent(place);
      if (isEmpty(parent)) {
        Files.delete(parent);
        PrivateFiles.sync(PrivateFiles.parent(parent));
      } else {
        PrivateFiles.sync(parent);
      }
    }
  }

  /// The names of all restores that keep something in a data directory.
  static List<UndoPlaces> of(Path dataDirectory) throws IOException {
    Path place = dataDirectory.resolve(DIRECTORY);
    List<UndoPlaces> found = new ArrayList<>();
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> names = Files.newDirectoryStream(place)) {
        names.forEach(n -> found.add(new UndoPlaces(dataDirectory, "" + n.getFileName())));
      }
    }
    return found;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }
}
