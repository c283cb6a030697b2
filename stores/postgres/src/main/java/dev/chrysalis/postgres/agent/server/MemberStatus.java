package dev.chrysalis.postgres.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.RestoreMark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A member's state for the controller: the answering server's, and what its data directory says,
/// as one flat map.
///
/// | key | value |
/// |---|---|
/// | `server` | `up`, or `down` with `server.code` (`CHR-5001`) and `server.error` |
/// | `server.starting` | `true` where it is down since it is not ready for connections yet, as while it replays its log |
/// | `role` | `primary`, `standby` |
/// | `systemIdentifier`, `version`, `timeline` | of the server |
/// | `written`, `flushed`, `replayed` | WAL positions, `0/3000148` |
/// | `replayPaused` | `true`, `false` |
/// | `lastReplayedCommit` | epoch milliseconds, -1 where there is none |
/// | `receiver.status`, `.host`, `.port`, `.slot` | of a standby that streams; absent otherwise |
/// | `replicas` | how many; then `replica.N.application`, `.address`, `.state`, `.sync`, `.lagBytes` |
/// | `slots` | how many; then `slot.N.name`, `.type`, `.active`, `.restartLsn`, `.walStatus`, `.retainedBytes` |
/// | `tablespaces` | how many; then `tablespace.N.oid`, `.name`, `.location` |
/// | `setting.NAME` | each of `ServerStateReader.SETTINGS` |
/// | `collation.libc`, `collation.icu` | versions |
/// | `collation.stale` | what was made with another version, in words; absent where nothing was |
/// | `data` | `missing`, `empty`, `initialised`, `half-restored`, `damaged` |
/// | `data.why` | where it is damaged |
/// | `data.majorVersion`, `.systemIdentifier`, `.state`, `.timeline`, `.checkpoint`, `.redo`, `.minRecoveryPoint`, `.pageChecksums`, `.segmentBytes` | by the control file |
/// | `data.standbySignal`, `data.recoverySignal` | `true`, `false` |
/// | `data.runningPid` | where a server runs on it |
/// | `data.restoredBy`, `data.restoredFrom` | job and snapshot, of a restored or half-restored one |
public final class MemberStatus {
  private MemberStatus() {}

  /// Reads both sides. A server that does not answer, or stalls, is a state, not an error;
  /// `VOLUME_FAILED` where the data directory cannot be read.
  public static Map<String, String> read(ServerConnection server, Path dataDirectory) {
    Map<String, String> status = new TreeMap<>();
    addServer(status, server, dataDirectory);
    add(status, DataDirectoryState.read(dataDirectory));
    return status;
  }

  private static void addServer(
      Map<String, String> status, ServerConnection server, Path dataDirectory) {
    try (Connection connection = server.openToLook()) {
      add(status, ServerStateReader.read(connection));
      status.put("server", "up");
    } catch (ChrysalisException e) {
      addDown(status, e);
      if (ServerConnection.isNotReady(e) && !PostmasterFile.isStopping(dataDirectory)) {
        status.put("server.starting", "true");
      }
    } catch (SQLException e) {
      addDown(status, server.translated(e));
    }
  }

  private static void addDown(Map<String, String> status, ChrysalisException e) {
    status.put("server", "down");
    status.put("server.code", e.code().toString());
    status.put("server.error", String.valueOf(e.getMessage()));
  }

  private static void add(Map<String, String> status, ServerState server) {
    status.put("role", server.role() == ServerState.Role.PRIMARY ? "primary" : "standby");
    status.put("systemIdentifier", server.systemIdentifier());
    status.put("version", Integer.toString(server.version()));
    status.put("timeline", Integer.toString(server.timeline()));
    status.put("written", server.written().toString());
    status.put("flushed", server.flushed().toString());
    status.put("replayed", server.replayed().toString());
    status.put("replayPaused", Boolean.toString(server.replayPaused()));
    status.put("lastReplayedCommit", Long.toString(server.lastReplayedCommit()));
    server
        .receiver()
        .ifPresent(r -> {
          status.put("receiver.status", r.status());
          status.put("receiver.host", r.senderHost());
          status.put("receiver.port", Integer.toString(r.senderPort()));
          status.put("receiver.slot", r.slot());
        });
    addLists(status, server);
    server.settings().forEach((name, value) -> status.put("setting." + name, value));
    server.collations().forEach((name, value) -> status.put("collation." + name, value));
    if (!server.staleCollations().isEmpty()) {
      status.put("collation.stale", String.join("; ", server.staleCollations()));
    }
  }

  private static void addLists(Map<String, String> status, ServerState server) {
    List<Map<String, String>> replicas = new ArrayList<>();
    for (ReplicaState r : server.replicas()) {
      replicas.add(
          Map.of(
              "application", r.application(),
              "address", r.address(),
              "state", r.state(),
              "sync", r.sync(),
              "lagBytes", Long.toString(r.lagBytes())));
    }
    addList(status, "replica", replicas);
    List<Map<String, String>> slots = new ArrayList<>();
    for (SlotState s : server.slots()) {
      slots.add(
          Map.of(
              "name", s.name(),
              "type", s.type(),
              "active", Boolean.toString(s.active()),
              "restartLsn", s.restartLsn(),
              "walStatus", s.walStatus(),
              "retainedBytes", Long.toString(s.retainedBytes())));
    }
    addList(status, "slot", slots);
    List<Map<String, String>> tablespaces = new ArrayList<>();
    for (TablespaceState t : server.tablespaces()) {
      tablespaces.add(
          Map.of("oid", Long.toString(t.oid()), "name", t.name(), "location", t.location()));
    }
    addList(status, "tablespace", tablespaces);
  }

  private static void addList(
      Map<String, String> status, String name, List<Map<String, String>> items) {
    status.put(name + "s", Integer.toString(items.size()));
    for (int i = 0; i < items.size(); i++) {
      String prefix = name + "." + i + ".";
      items.get(i).forEach((key, value) -> status.put(prefix + key, value));
    }
  }

  private static void add(Map<String, String> status, DataDirectoryState data) {
    switch (data) {
      case DataDirectoryState.Missing() -> status.put("data", "missing");
      case DataDirectoryState.Empty() -> status.put("data", "empty");
      case DataDirectoryState.Damaged(String why) -> {
        status.put("data", "damaged");
        status.put("data.why", why);
      }
      case DataDirectoryState.HalfRestored(RestoreMark mark) -> {
        status.put("data", "half-restored");
        addMark(status, mark);
      }
      case DataDirectoryState.Initialised cluster -> {
        status.put("data", "initialised");
        addCluster(status, cluster);
      }
    }
  }

  private static void addCluster(
      Map<String, String> status, DataDirectoryState.Initialised cluster) {
    ControlFile control = cluster.control();
    status.put("data.majorVersion", Integer.toString(cluster.majorVersion()));
    status.put("data.systemIdentifier", control.systemIdentifier());
    status.put("data.state", control.state().name());
    status.put("data.timeline", Integer.toString(control.timeline()));
    status.put("data.checkpoint", control.checkpoint().toString());
    status.put("data.redo", control.redo().toString());
    status.put("data.minRecoveryPoint", control.minRecoveryPoint().toString());
    status.put("data.pageChecksums", Boolean.toString(control.pageChecksums()));
    status.put("data.segmentBytes", Integer.toString(control.segmentBytes()));
    status.put("data.standbySignal", Boolean.toString(cluster.standbySignal()));
    status.put("data.recoverySignal", Boolean.toString(cluster.recoverySignal()));
    cluster.runningPid().ifPresent(pid -> status.put("data.runningPid", Long.toString(pid)));
    cluster.restored().ifPresent(mark -> addMark(status, mark));
  }

  private static void addMark(Map<String, String> status, RestoreMark mark) {
    status.put("data.restoredBy", mark.job());
    status.put("data.restoredFrom", mark.snapshot());
  }
}
