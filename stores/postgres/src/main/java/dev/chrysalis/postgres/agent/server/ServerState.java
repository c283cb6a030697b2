package dev.chrysalis.postgres.agent.server;

import dev.chrysalis.postgres.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A running server as it describes itself at one moment.
///
/// @param systemIdentifier the cluster's, unsigned, in decimal
/// @param version `server_version_num`: 170011
/// @param timeline on a primary the one that it writes; on a standby the one that it receives or
///   last recovered
/// @param written on a primary the end of the WAL written; on a standby the end of the WAL received
///   or replayed, whichever is further
/// @param flushed on a primary the end of the WAL that is on disk; on a standby as `written`
/// @param replayed on a standby the end of the WAL replayed; on a primary as `written`
/// @param replayPaused whether a standby's replay stands still (not merely was asked to)
/// @param lastReplayedCommit when the last replayed commit happened, in epoch milliseconds; -1
///   where there is none
/// @param receiver of a standby that streams, empty otherwise
/// @param settings those of `ServerStateReader.SETTINGS` that the server has, by name, in base
///   units
/// @param collations the versions of the collation libraries: `libc`, `icu`
/// @param staleCollations the databases, and how many collations, that were made with another
///   version of their library than the server has now, in words: their indexes on text may be in
///   the wrong order
/// @param configurationFiles where settings in force were read from, `conf.d` and the like too
public record ServerState(
    Role role,
    String systemIdentifier,
    int version,
    int timeline,
    Lsn written,
    Lsn flushed,
    Lsn replayed,
    boolean replayPaused,
    long lastReplayedCommit,
    Optional<ReceiverState> receiver,
    List<ReplicaState> replicas,
    List<SlotState> slots,
    List<TablespaceState> tablespaces,
    Map<String, String> settings,
    Map<String, String> collations,
    List<String> staleCollations,
    List<String> configurationFiles) {
  public ServerState {
    replicas = List.copyOf(replicas);
    slots = List.copyOf(slots);
    tablespaces = List.copyOf(tablespaces);
    settings = Map.copyOf(settings);
    collations = Map.copyOf(collations);
    staleCollations = List.copyOf(staleCollations);
    configurationFiles = List.copyOf(configurationFiles);
  }

  /// Whether it takes writes.
  public enum Role {
    PRIMARY,
    STANDBY
  }

  /// 15 to 18.
  public int majorVersion() {
    return version / 10000;
  }

  /// A setting's value, or empty where the server has no such setting.
  public String setting(String name) {
    return settings.getOrDefault(name, "");
  }

  /// Whether pages carry checksums.
  public boolean dataChecksums() {
    return setting("data_checksums").equals("on");
  }

  /// The size of a WAL segment in bytes.
  public int segmentBytes() {
    return Integer.parseInt(setting("wal_segment_size"));
  }
}
