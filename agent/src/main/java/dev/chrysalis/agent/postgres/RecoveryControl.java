package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.postgres.agent.server.ServerStateReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Watches and ends the recovery of a server.
///
/// Holds: recovery is ended only where it stands still at its target, or where the caller names the
/// timeline that is to be left; a server that takes writes already is told as such and left alone.
/// All methods block and can be interrupted.
final class RecoveryControl {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration LOOKS = Duration.ofSeconds(10);

  private final ServerConnection server;
  private final Duration patience;

  RecoveryControl(ServerConnection server, Duration patience) {
    this.server = server;
    this.patience = patience;
  }

  /// Waits until replay stands still at a target. `RECOVERY_STOPPED` when the server ended recovery
  /// by itself before that, `NOT_REACHED` after the patience.
  Map<String, String> awaitTarget(Lsn target, Report report) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    Lsn begin = null;
    String last = "the server does not answer";
    while (System.nanoTime() < until) {
      Optional<ServerState> answer = ask();
      if (answer.isPresent()) {
        ServerState state = answer.get();
        if (state.role() == ServerState.Role.PRIMARY) {
          throw endedByItself(state, target);
        }
        if (state.replayPaused() && state.replayed().compareTo(target) >= 0) {
          return facts(state);
        }
        begin = begin == null ? state.replayed() : begin;
        report.progress(
            "replaying WAL",
            Math.max(0, state.replayed().minus(begin)),
            Math.max(0, target.minus(begin)));
        last = "replay is at " + state.replayed();
      }
      pause();
    }
    throw notReached("replay did not reach " + target + " in " + seconds() + ": " + last);
  }

  /// Whether the server answers and takes writes.
  boolean takesWrites() {
    return ask().filter(state -> state.role() == ServerState.Role.PRIMARY).isPresent();
  }

  /// Ends the recovery of a server that stands still at its target, and waits until it takes
  /// writes.
  Map<String, String> endRecovery(Report report) throws InterruptedException {
    try (Connection connection = server.openToLook()) {
      ServerState before = ServerStateReader.read(connection);
      if (before.role() == ServerState.Role.PRIMARY) {
        report.note("the server takes writes already, on timeline " + before.timeline());
        return already(before);
      }
      requireAtTarget(before, text(connection, "SELECT current_setting('recovery_target_lsn')"));
      report.note("ending recovery at " + before.replayed());
      String _ = text(connection, "SELECT pg_wal_replay_resume()::text");
    } catch (SQLException e) {
      throw failed("end recovery", e);
    }
    return facts(awaitPrimary(report));
  }

  /// Promotes a standby of the given timeline, and waits until it takes writes.
  Map<String, String> promote(int expectedTimeline, Report report) throws InterruptedException {
    try (Connection connection = server.openToLook()) {
      ServerState before = reaching(expectedTimeline, connection);
      if (before.role() == ServerState.Role.PRIMARY) {
        return promotedBefore(before, expectedTimeline, report);
      }
      if (before.timeline() != expectedTimeline) {
        throw conflict(
            "the standby is on timeline %d, not on %d"
                .formatted(before.timeline(), expectedTimeline));
      }
      report.note("promoting at " + before.written() + " of timeline " + before.timeline());
      String _ = text(connection, "SELECT pg_promote(false)::text");
    } catch (SQLException e) {
      throw failed("promote the server", e);
    }
    ServerState after = awaitPrimary(report);
    if (after.timeline() <= expectedTimeline) {
      throw conflict("the server takes writes on timeline " + after.timeline());
    }
    return facts(after);
  }

  /// The state of a server, looked at for a while where it is on an older timeline. A standby that
  /// restores its last segment once more has no file of it for a moment (it is removed before the
  /// new one gets its name), and with it goes what tells its timeline.
  private ServerState reaching(int timeline, Connection connection)
      throws SQLException, InterruptedException {
    Duration atMost = patience.compareTo(LOOKS) < 0 ? patience : LOOKS;
    long until = System.nanoTime() + atMost.toNanos();
    ServerState state = ServerStateReader.read(connection);
    while (state.role() == ServerState.Role.STANDBY
        && state.timeline() < timeline
        && System.nanoTime() < until) {
      pause();
      state = ServerStateReader.read(connection);
    }
    return state;
  }

  private static Map<String, String> promotedBefore(
      ServerState state, int expectedTimeline, Report report) {
    if (state.timeline() <= expectedTimeline) {
      throw conflict(
          "the server is a primary on timeline %d, no standby of %d"
              .formatted(state.timeline(), expectedTimeline));
    }
    report.note("the server was promoted before, to timeline " + state.timeline());
    return already(state);
  }

  private void requireAtTarget(ServerState state, String target) {
    if (!state.replayPaused()) {
      throw new ChrysalisException(
          PostgresErrors.RECOVERY_STOPPED,
          "recovery is at " + state.replayed() + " and goes on",
          "wait for its target: chrysalis agent postgres await-target");
    }
    if (!target.isEmpty() && state.replayed().compareTo(Lsn.parse(target)) < 0) {
      throw new ChrysalisException(
          PostgresErrors.RECOVERY_STOPPED,
          "recovery was paused at %s, before its target %s".formatted(state.replayed(), target),
          "see the server's log for the reason, then let it go on: pg_wal_replay_resume()");
    }
  }

  private ServerState awaitPrimary(Report report) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < until) {
      Optional<ServerState> state = ask();
      if (state.isPresent() && state.get().role() == ServerState.Role.PRIMARY) {
        return state.get();
      }
      report.progress("waiting for the server to take writes", 0, 0);
      pause();
    }
    throw notReached("the server does not take writes after " + seconds());
  }

  /// The server's state; empty while it does not answer, which it may do as it starts.
  private Optional<ServerState> ask() {
    try (Connection connection = server.openToLook()) {
      return Optional.of(ServerStateReader.read(connection));
    } catch (ChrysalisException e) {
      if (e.code().equals(PostgresErrors.UNREACHABLE)) {
        return Optional.empty();
      }
      throw e;
    } catch (SQLException e) {
      // Between two questions the server may go; the next one tells.
      return Optional.empty();
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }

  private static void pause() throws InterruptedException {
    LockSupport.parkNanos(PAUSE.toNanos());
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting for the server");
    }
  }

  private static Map<String, String> already(ServerState state) {
    return Map.of(
        "timeline", Integer.toString(state.timeline()),
        "lsn", state.written().toString(),
        "already", "true");
  }

  private static Map<String, String> facts(ServerState state) {
    return Map.of(
        "timeline", Integer.toString(state.timeline()),
        "lsn", state.replayed().toString(),
        "already", "false");
  }

  private static ChrysalisException endedByItself(ServerState state, Lsn target) {
    return new ChrysalisException(
        PostgresErrors.RECOVERY_STOPPED,
        "recovery ended by itself: the server takes writes on timeline %d at %s, target was %s"
            .formatted(state.timeline(), state.written(), target),
        "see the server's log; compare what was recovered before clients come back");
  }

  private static ChrysalisException conflict(String message) {
    return new ChrysalisException(
        PostgresErrors.TIMELINE_CONFLICT,
        message,
        "somebody else changed the server: look at all members before going on");
  }

  private static ChrysalisException notReached(String message) {
    return new ChrysalisException(
        AgentErrors.NOT_REACHED, message, "see the server's log, and whether the feed runs");
  }

  private static ChrysalisException failed(String what, SQLException e) {
    boolean refused = "42501".equals(e.getSQLState());
    ErrorCode code = refused ? PostgresErrors.REFUSED_LOGIN : PostgresErrors.UNREACHABLE;
    return new ChrysalisException(
        code,
        "cannot " + what + ": " + e.getMessage(),
        refused ? "give the role the right, or use a superuser" : "see the server's log",
        e);
  }

  private String seconds() {
    return patience.toSeconds() + " s";
  }
}
