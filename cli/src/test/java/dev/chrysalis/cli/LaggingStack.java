package dev.chrysalis.cli;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.postgres.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.awaitility.Awaitility;

/// Cuts the primary's WAL off from its standby and from the vault, and measures both lags by the
/// servers' and the vault's own words, beside the program under test.
final class LaggingStack {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LabStage stage;
  private final Member primary;
  private final Member standby;
  private final int timeline;
  private final NavigableMap<Instant, Lsn> written = new ConcurrentSkipListMap<>();

  LaggingStack(LabStage stage) throws SQLException {
    this.stage = stage;
    List<Member> members;
    try (Site site = stage.site()) {
      members = site.platform().workload("postgres").members();
    }
    boolean first = query(members.getFirst(), "select pg_is_in_recovery()").equals("f");
    this.primary = first ? members.getFirst() : members.getLast();
    this.standby = first ? members.getLast() : members.getFirst();
    String segment = query(primary, "select pg_walfile_name(pg_current_wal_lsn())");
    this.timeline = Integer.parseInt(segment.substring(0, 8), 16);
  }

  MemberId primary() {
    return primary.id();
  }

  /// The slot by which the primary keeps WAL for the standby that streams.
  String slotOfTheStandby() throws SQLException {
    return query(
        primary,
        "select s.slot_name from pg_replication_slots s join pg_stat_replication r"
            + " on s.active_pid = r.pid where r.application_name = '"
            + standby.id()
            + "'");
  }

  /// The standby receives nothing from now on.
  void cutTheStandbyOff() throws SQLException {
    query(standby, "alter system set primary_conninfo = 'host=127.255.255.254 connect_timeout=2'");
    query(standby, "select pg_reload_conf()");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> query(standby, "select count(*) from pg_stat_wal_receiver").equals("0"));
  }

  /// The vault receives nothing from now on.
  void cutTheVaultOff() throws IOException {
    signalShipper("-STOP");
  }

  /// What the shipper has received and not sealed goes with it.
  void killTheShipper() throws IOException {
    signalShipper("-KILL");
  }

  /// Lets the load go on for that many acknowledged writes, and notes what the primary has written
  /// by when.
  void go(long writes) {
    long until = stage.ledger().acknowledgedCount() + writes;
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          Instant before = Instant.now();
          written.put(before, Lsn.parse(query(primary, "select pg_current_wal_flush_lsn()")));
          return stage.ledger().acknowledgedCount() >= until;
        });
  }

  /// A moment up to which all that was acknowledged is on the standby or in the vault.
  Instant heldUntil() throws SQLException {
    Lsn received = Lsn.parse(query(standby, "select pg_last_wal_receive_lsn()"));
    Lsn shipped;
    try (Site site = stage.site()) {
      String system = query(standby, "select system_identifier from pg_control_system()");
      shipped =
          new DatastoreOption().postgres(site).wal().end(system, timeline).orElseThrow().end();
    }
    Lsn better = received.compareTo(shipped) > 0 ? received : shipped;
    return written.entrySet().stream()
        .filter(e -> e.getValue().compareTo(better) <= 0)
        .map(Map.Entry::getKey)
        .max(Instant::compareTo)
        .orElseThrow();
  }

  private void signalShipper(String signal) throws IOException {
    new LabProcesses(stage.lab().layout(), "/" + primary.id() + "/shipper").signal(signal);
  }

  private String query(Member member, String sql) throws SQLException {
    try (Connection connection = connect(member);
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "";
      }
    }
  }

  private Connection connect(Member member) throws SQLException {
    try {
      String password =
          Files.readString(stage.lab().layout().secrets().resolve("postgres-chrysalis"));
      return DriverManager.getConnection(
          "jdbc:postgresql://" + member.address() + ":5432/postgres",
          "chrysalis",
          password.strip());
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }
}
