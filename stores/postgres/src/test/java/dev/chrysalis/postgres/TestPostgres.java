package dev.chrysalis.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// A real PostgreSQL for a test: its own directory, address and process. `close` removes all three.
/// Under root everything runs as uid 65534, and `ServerUser.own` gives files to that user.
///
/// ```java
/// try (var primary = TestPostgres.started(17)) {
///   primary.execute("create table t(x int)");
///   try (var replica = primary.replica()) { … replica.promote(); }
/// }
/// ```
public final class TestPostgres implements AutoCloseable {
  public static final String PASSWORD = "caterpillar";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int major;
  private final Path home;
  private final Path room;
  private final Path data;
  private final String host = ServerUser.freeAddress();
  private final int port = 5432;
  private final Map<String, String> settings = new TreeMap<>();
  private @Nullable Process process;

  private TestPostgres(int major, Path room, Path data) {
    this.major = major;
    this.home = ServerBinaries.of(major);
    this.room = room;
    this.data = data;
    settings.put("listen_addresses", host);
    settings.put("port", Integer.toString(port));
    settings.put("unix_socket_directories", room.toString());
    settings.put("shared_buffers", "16MB");
    settings.put("max_connections", "30");
    settings.put("autovacuum", "off");
    // Tests kill processes, not machines.
    settings.put("fsync", "off");
  }

  /// The versions that are proven.
  public static List<Integer> majors() {
    return List.of(15, 16, 17, 18);
  }

  /// A new cluster with checksums, not started. `initdbOptions` go to initdb (`--wal-segsize=1`).
  public static TestPostgres create(int major, String... initdbOptions) {
    Path room = newRoom();
    TestPostgres server = new TestPostgres(major, room, room.resolve("data"));
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-D", server.data.toString(), "-U", "postgres", "--no-sync", "-k"));
    command.addAll(List.of("-A", "scram-sha-256", "--pwfile", server.passwordFile().toString()));
    command.addAll(List.of("-E", "UTF8", "--locale=C"));
    command.addAll(List.of(initdbOptions));
    server.run("initdb", command);
    return server;
  }

  public static TestPostgres started(int major, String... initdbOptions) {
    return create(major, initdbOptions).start();
  }

  /// A server over a data directory that is there already (restored, copied), which it owns from
  /// now on but which `close` leaves in place.
  public static TestPostgres over(int major, Path data) {
    ServerUser.own(data);
    return new TestPostgres(major, newRoom(), data);
  }

  /// Changes a setting; holds from the next start.
  public TestPostgres set(String name, String value) {
    settings.put(name, value);
    return this;
  }

  public TestPostgres start() {
    launch();
    Awaitility.await("start of " + this)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .until(() -> {
          if (!isRunning()) {
            throw new IllegalStateException("PostgreSQL ended:\n" + log());
          }
          return accepts();
        });
    return this;
  }

  /// Starts the process and does not wait until it accepts connections.
  public TestPostgres launch() {
    try {
      writeConfiguration();
      List<String> command = ServerUser.command();
      command.addAll(List.of(home.resolve("bin/postgres").toString(), "-D", data.toString()));
      process =
          new ProcessBuilder(command)
              .directory(room.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
              .start();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether it answers a query.
  public boolean accepts() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return statement.execute("select 1");
    } catch (SQLException e) {
      return false;
    }
  }

  public boolean isRunning() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /// The postmaster's, by its file.
  public long pid() {
    try {
      return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for the process to end by itself; its exit code.
  public int awaitExit(Duration patience) {
    Process current = started();
    try {
      if (!current.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("still runs:\n" + log());
      }
      return current.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// A fast shutdown: ends sessions, writes a checkpoint.
  public TestPostgres stop() {
    return stop("fast");
  }

  /// An immediate shutdown: as after a crash.
  public TestPostgres stopImmediate() {
    return stop("immediate");
  }

  private TestPostgres stop(String mode) {
    if (isRunning()) {
      run("pg_ctl", List.of("stop", "-s", "-w", "-t", "60", "-m", mode, "-D", data.toString()));
      awaitExit(PATIENCE);
    }
    return this;
  }

  /// kill -9 of the server and of all its processes.
  public TestPostgres kill9() {
    Process current = started();
    List<ProcessHandle> family = current.toHandle().descendants().toList();
    current.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    awaitExit(PATIENCE);
    Awaitility.await().atMost(PATIENCE).until(() -> family.stream().noneMatch(this::lives));
    return this;
  }

  private boolean lives(ProcessHandle child) {
    // A zombie that nobody reaps holds nothing any more.
    try {
      String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
      return child.isAlive() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return false;
    }
  }

  public TestPostgres restart() {
    return stop().start();
  }

  /// Ends recovery and waits until it takes writes.
  public TestPostgres promote() {
    query("select pg_promote(true, 30)");
    return awaitPrimary();
  }

  public TestPostgres awaitPrimary() {
    Awaitility.await("end of recovery")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .until(() -> accepts() && query("select pg_is_in_recovery()").equals("f"));
    return this;
  }

  /// A streaming replica, started: made from a cold copy, so this server is restarted.
  public TestPostgres replica() {
    return replica(Map.of());
  }

  public TestPostgres replica(Map<String, String> extraSettings) {
    boolean ran = isRunning();
    stop();
    TestPostgres replica = coldCopy();
    if (ran) {
      start();
    }
    replica.settings.putAll(extraSettings);
    replica.follow(this);
    return replica.start();
  }

  /// A copy of this stopped server under its own address; not started.
  public TestPostgres coldCopy() {
    Path other = newRoom();
    ServerUser.copyTree(data, other.resolve("data"));
    TestPostgres copy = new TestPostgres(major, other, other.resolve("data"));
    settings.forEach(copy.settings::putIfAbsent);
    ServerUser.own(copy.data);
    return copy;
  }

  /// Makes this stopped server a standby of another from its next start.
  public TestPostgres follow(TestPostgres primary) {
    set(
        "primary_conninfo",
        "host=%s port=%d user=postgres password=%s application_name=%s"
            .formatted(primary.host, primary.port, PASSWORD, "r" + host.replace('.', '_')));
    return signal("standby.signal");
  }

  /// Puts a signal file (`standby.signal`, `recovery.signal`) into the data directory.
  public TestPostgres signal(String name) {
    ServerUser.write(data.resolve(name), "");
    return this;
  }

  /// The first column of the first row of a query in another database.
  public String queryIn(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public Connection connect() throws SQLException {
    return connect("postgres");
  }

  private Connection connect(String database) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", "postgres");
    login.setProperty("password", PASSWORD);
    login.setProperty("connectTimeout", "10");
    return DriverManager.getConnection(
        "jdbc:postgresql://" + host + ":" + port + "/" + database, login);
  }

  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The first column of the first row as text; empty where it is null or there is no row.
  public String query(String sql) {
    List<String> rows = column(sql);
    return rows.isEmpty() ? "" : rows.getFirst();
  }

  /// The first column of all rows as text.
  public List<String> column(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        String value = rows.getString(1);
        values.add(value == null ? "" : value);
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public int major() {
    return major;
  }

  /// A directory of the server's user that `close` removes.
  public Path room() {
    return room;
  }

  public Path dataDirectory() {
    return data;
  }

  public Path passwordFile() {
    return room.resolve("password");
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  public PostgresServer server() {
    return new PostgresServer(host, port, "postgres", "postgres", Optional.of(passwordFile()));
  }

  /// The folder of a version's `initdb` and `postgres`.
  public static Path programs(int major) {
    return ServerBinaries.of(major).resolve("bin");
  }

  /// What the machine's own `pg_dump` makes of the database `postgres`; it must not be older than
  /// this server.
  public byte[] dump(String... options) {
    List<String> command = new ArrayList<>(List.of("pg_dump", "-h", host, "-U", "postgres"));
    command.addAll(List.of(options));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
      builder.environment().put("PGPASSWORD", PASSWORD);
      Process dumping = builder.start();
      byte[] sql = dumping.getInputStream().readAllBytes();
      if (dumping.waitFor() != 0) {
        throw new IllegalStateException("pg_dump failed");
      }
      return sql;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Lsn currentLsn() {
    return Lsn.parse(query("select pg_current_wal_lsn()"));
  }

  /// What it printed so far.
  public String log() {
    try {
      return Files.exists(logFile()) ? Files.readString(logFile()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (isRunning()) {
      kill9();
    }
    ServerBinaries.deleteTree(room);
  }

  @Override
  public String toString() {
    return "PostgreSQL " + major + " at " + host;
  }

  private void run(String program, List<String> arguments) {
    ServerUser.run(room, home.resolve("bin").resolve(program), arguments);
  }

  private Process started() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("never started");
    }
    return current;
  }

  private Path logFile() {
    return room.resolve("log");
  }

  private void writeConfiguration() {
    StringBuilder text = new StringBuilder("include_if_exists = 'postgresql.base.conf'\n");
    settings.forEach((name, value) ->
        text.append(name).append(" = '").append(value.replace("'", "''")).append("'\n"));
    ServerUser.write(data.resolve("postgresql.conf"), text.toString());
    ServerUser.write(
        data.resolve("pg_hba.conf"),
        """
        local all,replication all scram-sha-256
        host all,replication all 127.0.0.0/8 scram-sha-256
        host replication all 127.0.0.0/8 scram-sha-256
        """);
  }

  private static Path newRoom() {
    try {
      Path room = Files.createTempDirectory("chrysalis-pg");
      ServerUser.write(room.resolve("password"), PASSWORD + "\n");
      Files.setPosixFilePermissions(
          room.resolve("password"), PosixFilePermissions.fromString("rw-------"));
      ServerUser.own(room);
      return room;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
