package dev.butterfly.perception;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.core.env.Environment;

/// Where perception's database is: `POSTGRES_HOST`, `POSTGRES_PORT`, `POSTGRES_DB`, `POSTGRES_USER`
/// and the file that `POSTGRES_PASSWORD_FILE` names.
record PerceptionDatabase(String host, int port, String name, String user, Path passwordFile) {
  private static final String CONNECT_SECONDS = "2";
  private static final String SOCKET_SECONDS = "5";
  private static final long BORROW_MILLIS = 2_500;
  private static final int CONNECTIONS = 8;

  static PerceptionDatabase of(Environment environment) {
    return new PerceptionDatabase(
        environment.getRequiredProperty("POSTGRES_HOST"),
        environment.getProperty("POSTGRES_PORT", Integer.class, 5432),
        environment.getProperty("POSTGRES_DB", "perception"),
        environment.getProperty("POSTGRES_USER", "butterfly"),
        Path.of(environment.getRequiredProperty("POSTGRES_PASSWORD_FILE")));
  }

  /// A small pool that starts without the database and gives up fast on one that hangs.
  HikariConfig pool() {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("postgres");
    pool.setJdbcUrl("jdbc:postgresql://" + host + ":" + port + "/" + name);
    pool.setUsername(user);
    pool.setPassword(password());
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(BORROW_MILLIS);
    pool.setValidationTimeout(1_000);
    pool.setInitializationFailTimeout(-1);
    pool.addDataSourceProperty("connectTimeout", CONNECT_SECONDS);
    pool.addDataSourceProperty("loginTimeout", CONNECT_SECONDS);
    pool.addDataSourceProperty("socketTimeout", SOCKET_SECONDS);
    pool.addDataSourceProperty("ApplicationName", "perception");
    return pool;
  }

  private String password() {
    try {
      return Files.readString(passwordFile).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the password file cannot be read: " + passwordFile, e);
    }
  }
}
