package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/// One PostgreSQL server of the lab, as its owner sees it: over SQL and as processes.
///
/// @param data its data directory
/// @param passwordFile the password of `chrysalis`
record PostgresServer(String address, Path data, Path passwordFile) {
  private static final String SECONDS = "2";
  private static final String PATIENT_SECONDS = "60";

  /// Whether it takes writes (true) or follows (false); empty where it does not answer.
  Optional<Boolean> takesWrites() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT NOT pg_is_in_recovery()")) {
      return row.next() ? Optional.of(row.getBoolean(1)) : Optional.empty();
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  /// How many followers stream from it.
  int followers() {
    String sql =
        "SELECT count(*) FROM pg_stat_replication WHERE application_name LIKE 'postgres-%'";
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getInt(1) : 0;
    } catch (SQLException e) {
      return 0;
    }
  }

  /// Creates a slot that reserves WAL at once; one that is there is no error.
  void createSlot(String slot) {
    String sql =
        "SELECT pg_create_physical_replication_slot(?, true) WHERE NOT EXISTS"
            + " (SELECT FROM pg_replication_slots WHERE slot_name = ?)";
    // Of a server that was started just now, maybe on a machine with much to do.
    try (Connection connection = connect("postgres", PATIENT_SECONDS);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, slot);
      statement.setString(2, slot);
      statement.execute();
    } catch (SQLException e) {
      throw failed("the slot " + slot + " could not be created", e);
    }
  }

  /// The slots through which followers stream now.
  List<String> followersSlots() {
    String sql =
        "SELECT s.slot_name FROM pg_replication_slots s JOIN pg_stat_replication r"
            + " ON r.pid = s.active_pid WHERE r.application_name LIKE 'postgres-%'";
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> slots = new ArrayList<>();
      while (rows.next()) {
        slots.add(rows.getString(1));
      }
      return slots;
    } catch (SQLException e) {
      throw failed("its slots could not be read", e);
    }
  }

  /// Ends whoever streams through the slot and drops it. False when its user was back first: try
  /// again.
  boolean dropSlot(String slot) {
    String end =
        "SELECT pg_terminate_backend(active_pid, 1000) FROM pg_replication_slots"
            + " WHERE slot_name = ? AND active_pid IS NOT NULL";
    String drop =
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?";
    try (Connection connection = connect();
        PreparedStatement ending = connection.prepareStatement(end);
        PreparedStatement dropping = connection.prepareStatement(drop)) {
      ending.setString(1, slot);
      ending.execute();
      dropping.setString(1, slot);
      dropping.execute();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /// Overwrites all values of perception's table in one statement. Returns a moment of the server's
  /// clock before it: what was committed by then is right, and the statement was not.
  Instant overwriteValues() {
    try (Connection connection = connect("perception", PATIENT_SECONDS);
        Statement statement = connection.createStatement()) {
      Instant before;
      try (ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
        row.next();
        before = row.getObject(1, OffsetDateTime.class).toInstant();
      }
      int wrong = statement.executeUpdate("UPDATE rims SET value = 'overwritten'");
      if (wrong == 0) {
        throw new SQLException("perception's table is empty");
      }
      return before;
    } catch (SQLException e) {
      throw failed("perception's values could not be overwritten", e);
    }
  }

  /// All its processes, the one that started the others first; none where it does not run.
  List<Long> processes() {
    try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
      long pid = Long.parseLong(lines.findFirst().orElse("0").strip());
      return ProcessHandle.of(pid).stream()
          .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
          .map(ProcessHandle::pid)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("its postmaster.pid cannot be read", e);
    }
  }

  private Connection connect() throws SQLException {
    return connect("postgres", SECONDS);
  }

  private Connection connect(String database, String seconds) throws SQLException {
    Properties options = new Properties();
    options.setProperty("user", "chrysalis");
    options.setProperty("password", password());
    options.setProperty("connectTimeout", seconds);
    options.setProperty("loginTimeout", seconds);
    options.setProperty("socketTimeout", seconds);
    options.setProperty("ApplicationName", "chrysalis-lab");
    return DriverManager.getConnection(
        "jdbc:postgresql://" + address + ":" + LabAddresses.POSTGRES_PORT + "/" + database,
        options);
  }

  private String password() {
    try {
      return Files.readString(passwordFile).strip();
    } catch (IOException e) {
      throw failed("the lab's secret cannot be read", e);
    }
  }

  private ChrysalisException failed(String what, Exception cause) {
    return new ChrysalisException(
        LabErrors.FAULT_FAILED,
        "PostgreSQL at " + address + ": " + what,
        "see chrysalis lab status; a broken lab is replaced with lab down and lab up",
        cause);
  }
}
