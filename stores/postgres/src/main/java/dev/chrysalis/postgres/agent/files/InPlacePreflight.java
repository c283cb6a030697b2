package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.vault.SnapshotReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What can refuse a restore in place, asked before anything is touched: a server that runs,
/// another cluster or version, what another job left half done, a snapshot that lacks packs, too
/// little room.
final class InPlacePreflight {
  private static final long RESERVE_BYTES = 64L << 20;

  private final RestoreLayout layout;
  private final RestoreMark mark;
  private final BackupFacts facts;
  private final UndoPlaces undo;

  InPlacePreflight(RestoreLayout layout, RestoreMark mark, BackupFacts facts, UndoPlaces undo) {
    this.layout = layout;
    this.mark = mark;
    this.facts = facts;
    this.undo = undo;
  }

  /// @param growth how many bytes of files each place gets
  /// @param noWayBack whether the operator does without one
  RestorePreflight.Start check(SnapshotReader reader, Map<Path, Long> growth, boolean noWayBack)
      throws IOException {
    Path data = layout.dataDirectory();
    if (!Files.isDirectory(data)) {
      throw noCluster(data, "there is no directory " + data);
    }
    RestorePreflight.refuseRunning(data);
    if (RestorePreflight.hasEnded(data, mark)) {
      return new RestorePreflight.Start.Ended();
    }
    RestorePreflight.requirePacks(reader, mark.snapshot());
    Optional<RestoreMark> begun = RestoreMark.read(data, RestoreMark.BEGUN);
    requireRoom(growth);
    PrivateFiles owner = PrivateFiles.like(data);
    if (begun.isEmpty()) {
      requireSameCluster(data);
      return new RestorePreflight.Start.Fresh(owner);
    }
    requireOurs(data, begun.get(), noWayBack);
    return new RestorePreflight.Start.GoOn(owner, false);
  }

  private void requireSameCluster(Path data) throws IOException {
    String there =
        ControlFile.read(data)
            .map(ControlFile::systemIdentifier)
            .orElseThrow(() -> noCluster(data, "there is no cluster in " + data));
    requireSame(data, "cluster", there, facts.systemIdentifier());
    String version = Files.readString(data.resolve("PG_VERSION")).strip();
    requireSame(data, "PostgreSQL", version, Integer.toString(facts.majorVersion()));
  }

  private static void requireSame(Path data, String what, String there, String wanted) {
    if (!there.equals(wanted)) {
      throw new ChrysalisException(
          PostgresErrors.OTHER_CLUSTER,
          "%s holds %s %s, the snapshot is of %s %s".formatted(data, what, there, what, wanted),
          "nothing was touched; name the cluster's own data directory, or restore into an empty one");
    }
  }

  private void requireOurs(Path data, RestoreMark begun, boolean noWayBack) {
    if (!begun.isOf(mark.job(), mark.snapshot())) {
      throw new ChrysalisException(
          PostgresErrors.NOT_EMPTY,
          "%s is half restored by job %s from snapshot %s"
              .formatted(data, begun.job(), begun.snapshot()),
          "repeat that restore to its end (--name %s), or take it back (--undo %s)"
              .formatted(begun.job(), begun.job()));
    }
    if (!noWayBack && !undo.exist()) {
      throw new ChrysalisException(
          PostgresErrors.NO_WAY_BACK,
          "the restore that was broken off in " + data + " was begun without a way back",
          "repeat it with --no-way-back: it goes on, and what it has overwritten is gone already");
    }
  }

  private static ChrysalisException noCluster(Path data, String what) {
    return new ChrysalisException(
        PostgresErrors.NOT_A_DATA_DIRECTORY,
        what,
        "nothing was touched; without --in-place " + data + " is restored from nothing");
  }

  private void requireRoom(Map<Path, Long> growth) throws IOException {
    for (Map.Entry<Path, Long> place : growth.entrySet()) {
      long wanted = place.getValue() + RESERVE_BYTES + 2L * facts.segmentBytes();
      Path there = RestoreLayout.existing(place.getKey());
      long free = Files.getFileStore(there).getUsableSpace();
      if (free < wanted) {
        throw new ChrysalisException(
            PostgresErrors.NO_ROOM,
            "%s has %d MiB free, the restore in place needs %d MiB and what its way back takes"
                .formatted(there, free >> 20, wanted >> 20),
            "nothing was touched; make room or give the member a larger volume");
      }
    }
  }
}
