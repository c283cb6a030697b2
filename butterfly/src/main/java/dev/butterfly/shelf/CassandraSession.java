package dev.butterfly.shelf;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.internal.core.connection.ConstantReconnectionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A session with the ring. Safe for many threads.
///
/// 1. The first who needs one connects. Where no node can be reached, the next who needs one tries
///    again: a service may start before its ring does.
/// 2. From then on the driver tries every second to connect again to each node that is away, also
///    where all of them are.
///
/// All is read and written at a quorum of the replicas. A request gives up after two seconds, and a
/// node that takes connections and answers nothing is left alone soon. What was asked then may have
/// been done.
final class CassandraSession implements AutoCloseable {
  static final ConsistencyLevel QUORUM = DefaultConsistencyLevel.QUORUM;

  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration FOR_A_SESSION = Duration.ofSeconds(3);

  private final ContactPoints points;
  private final Duration answer;
  private final ReentrantLock connecting = new ReentrantLock();
  private volatile @Nullable CqlSession known;

  CassandraSession(ContactPoints points) {
    this(points, ANSWER);
  }

  /// @param answer how long a request may take
  CassandraSession(ContactPoints points, Duration answer) {
    this.points = points;
    this.answer = answer;
  }

  /// That no session could be had, or a ring that is away.
  static final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreachable(String why, @Nullable Throwable cause) {
      super(why, cause);
    }
  }

  /// Does some work with the ring. Throws `Unreachable` where it cannot be done, or nobody can tell
  /// whether it was.
  <T> T ask(Function<CqlSession, T> work) {
    CqlSession session = session();
    try {
      return work.apply(session);
    } catch (DriverException e) {
      throw new Unreachable(words(e), e);
    }
  }

  /// The same words for the same trouble: the driver's own name objects by their hash codes.
  private static String words(RuntimeException e) {
    if (e instanceof AllNodesFailedException all) {
      return all.getAllErrors().values().stream()
          .flatMap(List::stream)
          .map(error -> error.getClass().getSimpleName())
          .distinct()
          .sorted()
          .collect(Collectors.joining(", ", "no node serves it (", ")"));
    }
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  /// A statement at a quorum.
  static SimpleStatement statement(String cql, Object... values) {
    return SimpleStatement.newInstance(cql, values).setConsistencyLevel(QUORUM);
  }

  private CqlSession session() {
    CqlSession made = known;
    return made != null ? made : firstSession();
  }

  private CqlSession firstSession() {
    try {
      if (!connecting.tryLock(FOR_A_SESSION.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Unreachable("no node of the ring has answered yet", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreachable("interrupted while the ring was looked for", e);
    }
    try {
      CqlSession made = known;
      if (made == null) {
        made = connect();
        known = made;
      }
      return made;
    } catch (DriverException | IllegalStateException e) {
      throw new Unreachable(words(e), e);
    } finally {
      connecting.unlock();
    }
  }

  private CqlSession connect() {
    return builder(points, answer).withAuthCredentials(points.user(), points.password()).build();
  }

  /// A session with these nodes, but for who asks.
  static CqlSessionBuilder builder(ContactPoints points, Duration answer) {
    return CqlSession.builder()
        .addContactPoints(points.nodes())
        .withLocalDatacenter(points.datacenter())
        .withConfigLoader(settings(answer));
  }

  private static DriverConfigLoader settings(Duration answer) {
    return DriverConfigLoader.programmaticBuilder()
        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, answer)
        .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, CONNECT)
        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, answer)
        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, CONNECT)
        .withDuration(DefaultDriverOption.HEARTBEAT_INTERVAL, Duration.ofSeconds(2))
        .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, Duration.ofSeconds(1))
        .withClass(DefaultDriverOption.RECONNECTION_POLICY_CLASS, ConstantReconnectionPolicy.class)
        .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofSeconds(1))
        .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
        .withInt(DefaultDriverOption.REQUEST_PAGE_SIZE, 1_000)
        .build();
  }

  @Override
  public void close() {
    CqlSession made = known;
    if (made != null) {
      var _ = made.forceCloseAsync();
    }
  }
}
