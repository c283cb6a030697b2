package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.NodeFolders;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.RestoreMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What lies on a node's volume, by its files alone, whether the server runs or not.
///
/// | key | value |
/// |---|---|
/// | `data` | `present`: the node knows who it is; `unjoined`: a new node began on it and has joined no ring; `empty`: a server that starts on it is a new node; `missing`: there is no such folder; `half-restored` |
/// | `data.free` | bytes that are free on the fullest of the disks of its folders, that of its log among them |
/// | `log.written` | when its commit log was written to last, in seconds since 1970; left out where there is none |
/// | `restore.job`, `.snapshot` | of the restore that made it, or was begun |
/// | `unhinted.N` | each node that came back after this one had ceased to keep hints for it, as `HOSTID SECONDS`: until when, since 1970, it was still away (`HintsWatch`) |
/// | `repaired` | when the last repair of all that it holds began, in seconds since 1970, of those that agents ended well |
/// | `repair.notes` | why these two are not known, where they cannot be read |
final class VolumeFacts {
  private static final String WHO_IT_IS = "local-*";
  private static final String ROLES = "system_auth";
  private static final String TABLES = "*-Data.db";
  private static final String SEGMENTS = "CommitLog-*.log";

  private VolumeFacts() {}

  static void add(Map<String, String> status, NodeFolders folders) {
    try {
      addState(status, folders);
      long free = Long.MAX_VALUE;
      for (Path folder : folders.all()) {
        if (Files.isDirectory(folder)) {
          free = Math.min(free, Files.getFileStore(folder).getUsableSpace());
        }
      }
      if (free < Long.MAX_VALUE) {
        status.put("data.free", Long.toString(free));
      }
      lastWrite(folders.commitLog())
          .ifPresent(at -> status.put("log.written", Long.toString(at.getEpochSecond())));
      addRepairs(status, new RepairNotes(folders.data().getFirst()));
    } catch (IOException | UncheckedIOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot read",
          folders.data().getFirst(),
          e,
          "look at the volume and at the agent's rights on it");
    }
  }

  /// Nothing else depends on these notes: a node is what it is also where they cannot be read.
  private static void addRepairs(Map<String, String> status, RepairNotes notes) {
    try {
      addNotes(status, notes);
    } catch (ChrysalisException e) {
      status.put("repair.notes", e.code() + ": " + e.getMessage());
    }
  }

  private static void addNotes(Map<String, String> status, RepairNotes notes) {
    int n = 0;
    for (Map.Entry<String, Instant> each : new TreeMap<>(notes.missed().unhinted()).entrySet()) {
      status.put("unhinted." + n++, each.getKey() + " " + each.getValue().getEpochSecond());
    }
    notes.repaired().ifPresent(at -> status.put("repaired", Long.toString(at.getEpochSecond())));
  }

  /// No other file says as well until when its server ran: it writes for itself, too, where no
  /// client does, but also with each start, if that fails. Nothing depends on it alone: empty where
  /// the folder cannot be read.
  private static Optional<Instant> lastWrite(Path commitLog) {
    List<Instant> written = new ArrayList<>();
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(commitLog, SEGMENTS)) {
      for (Path segment : segments) {
        try {
          written.add(Files.getLastModifiedTime(segment).toInstant());
        } catch (NoSuchFileException _) {
          // A server that runs drops segments.
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      return Optional.empty();
    }
    return written.stream().max(Comparator.naturalOrder());
  }

  private static void addState(Map<String, String> status, NodeFolders folders) throws IOException {
    Path first = folders.data().getFirst();
    if (!Files.isDirectory(first)) {
      status.put("data", "missing");
      return;
    }
    Optional<RestoreMark> begun = RestoreMark.read(first, RestoreMark.BEGUN);
    begun
        .or(() -> ended(first))
        .ifPresent(mark -> {
          status.put("restore.job", mark.job());
          status.put("restore.snapshot", mark.snapshot());
        });
    status.put("data", begun.isPresent() ? "half-restored" : state(folders));
  }

  private static String state(NodeFolders folders) throws IOException {
    return !knowsItself(folders) ? "empty" : hasJoined(folders) ? "present" : "unjoined";
  }

  /// A node has the tables of roles from when it has joined its ring on. One that the ring refuses
  /// has only its own.
  private static boolean hasJoined(NodeFolders folders) {
    return folders.data().stream().anyMatch(folder -> Files.isDirectory(folder.resolve(ROLES)));
  }

  private static Optional<RestoreMark> ended(Path folder) {
    try {
      return RestoreMark.read(folder, RestoreMark.ENDED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether there is a table `system.local`, flushed or in the commit log: without it a server
  /// that starts is a new node.
  private static boolean knowsItself(NodeFolders folders) throws IOException {
    for (Path folder : folders.data()) {
      Path system = folder.resolve("system");
      if (Files.isDirectory(system) && holdsTable(system)) {
        return true;
      }
    }
    return false;
  }

  private static boolean holdsTable(Path system) throws IOException {
    try (DirectoryStream<Path> tables = Files.newDirectoryStream(system, WHO_IT_IS)) {
      for (Path table : tables) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(table, TABLES)) {
          if (files.iterator().hasNext()) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
