package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// What an agent notes beside a node's tables of repairs: whom the node missed for longer than it
/// keeps hints, and when it was repaired itself. The notes go with the volume: a node that begins
/// anew on another one has missed nobody. Each is replaced durably and as a whole.
///
/// Errors: those of `CassandraErrors.VOLUME`.
///
/// @param data a node's first folder of tables
public record RepairNotes(Path data) {
  private static final String MISSED = "chrysalis-missed";
  private static final String REPAIRED = "chrysalis-repaired";
  private static final int MAX_BYTES = 1 << 20;

  MissedNodes missed() {
    return read(MISSED).map(MissedNodes::parse).orElse(MissedNodes.NONE);
  }

  /// Writes only what is new.
  void missed(MissedNodes nodes) {
    if (!nodes.equals(missed())) {
      write(MISSED, nodes.toText());
    }
  }

  /// When the last repair of all that the node holds began, of those that have ended well.
  Optional<Instant> repaired() {
    return read(REPAIRED).flatMap(RepairNotes::moment);
  }

  private static Optional<Instant> moment(String text) {
    try {
      return Optional.of(Instant.parse(text.strip()));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// Such a repair has ended.
  public void repaired(Instant begun) {
    write(REPAIRED, begun + "\n");
  }

  private Optional<String> read(String name) {
    Path file = data.resolve(name);
    try {
      return Files.size(file) > MAX_BYTES ? Optional.empty() : Optional.of(Files.readString(file));
    } catch (NoSuchFileException | MalformedInputException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("cannot read", file, e);
    }
  }

  private void write(String name, String text) {
    Path file = data.resolve(name);
    try {
      PrivateFiles.like(data).replace(file, text);
    } catch (IOException e) {
      throw failed("cannot write", file, e);
    }
  }

  private static ChrysalisException failed(String what, Path file, IOException e) {
    return CassandraErrors.VOLUME.of(what, file, e, "look at the volume and at the agent's rights");
  }
}
