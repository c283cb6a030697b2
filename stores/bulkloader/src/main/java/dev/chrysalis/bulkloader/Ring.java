package dev.chrysalis.bulkloader;

import com.datastax.driver.core.AuthProvider;
import com.datastax.driver.core.Cluster;
import com.datastax.driver.core.ConsistencyLevel;
import com.datastax.driver.core.Host;
import com.datastax.driver.core.Metadata;
import com.datastax.driver.core.PlainTextAuthProvider;
import com.datastax.driver.core.ResultSet;
import com.datastax.driver.core.Row;
import com.datastax.driver.core.Session;
import com.datastax.driver.core.SimpleStatement;
import com.datastax.driver.core.exceptions.DriverException;
import com.datastax.driver.core.exceptions.InvalidQueryException;
import com.datastax.driver.core.exceptions.SyntaxError;
import com.datastax.driver.core.exceptions.UnauthorizedException;
import com.datastax.driver.core.exceptions.UnavailableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.cassandra.dht.IPartitioner;
import org.apache.cassandra.utils.FBUtilities;
import org.jspecify.annotations.Nullable;

/// The ring by its clients' protocol. For one thread.
final class Ring implements AutoCloseable {
  private static final int PAGE = 2000;
  private static final int PACE = 5_000;
  private static final int TIMEOUT = 60_000;

  /// How 4.0 refuses to add a column, or a field, that is there, and to drop one that is not.
  private static final Pattern DONE_BEFORE = Pattern.compile("already exists|was not found");

  private final Cluster cluster;
  private final Session session;

  private Ring(Cluster cluster, Session session) {
    this.cluster = cluster;
    this.session = session;
  }

  /// The addresses to begin with.
  static List<InetSocketAddress> contacts(Request.Begin begin) {
    return begin.contacts().stream()
        .map(address -> new InetSocketAddress(address, begin.port()))
        .toList();
  }

  static AuthProvider login(Request.Begin begin) {
    return begin.user().isEmpty()
        ? AuthProvider.NONE
        : new PlainTextAuthProvider(begin.user(), begin.password());
  }

  static Ring connect(Request.Begin begin, ServerConfiguration configuration) {
    Cluster.Builder builder =
        Cluster.builder()
            .addContactPointsWithPorts(contacts(begin))
            .withAuthProvider(login(begin))
            .withoutJMXReporting();
    configuration.clientEncryption().ifPresent(builder::withSSL);
    builder.getConfiguration().getSocketOptions().setReadTimeoutMillis(TIMEOUT);
    Cluster cluster = builder.build();
    try {
      return new Ring(cluster, cluster.connect());
    } catch (DriverException | IllegalArgumentException e) {
      cluster.close();
      throw new LoaderFailure("cannot connect to " + begin.contacts(), e);
    }
  }

  void execute(Request.Execute asked) {
    try {
      execute(asked.cql());
    } catch (SyntaxError e) {
      // 4.0 has no IF for columns.
      executeBare(asked.bare());
    } catch (DriverException e) {
      throw refused(asked.cql(), e);
    }
  }

  private void executeBare(String cql) {
    try {
      execute(cql);
    } catch (InvalidQueryException e) {
      if (!DONE_BEFORE.matcher(String.valueOf(e.getMessage())).find()) {
        throw refused(cql, e);
      }
    } catch (DriverException e) {
      throw refused(cql, e);
    }
  }

  private void execute(String cql) {
    ResultSet result = session.execute(cql);
    if (!result.getExecutionInfo().isSchemaInAgreement()) {
      throw new LoaderFailure("the nodes do not agree on their schema after: " + cql);
    }
  }

  private static LoaderFailure refused(String cql, DriverException e) {
    return new LoaderFailure("the ring refuses: " + cql, e);
  }

  IPartitioner partitioner() {
    return FBUtilities.newPartitioner(cluster.getMetadata().getPartitioner());
  }

  /// At which address other nodes reach each node (`broadcast_address`), by the one at which
  /// clients do, as it says itself (`broadcast_rpc_address`): in many rings the same.
  Map<InetAddress, InetAddress> nodesByClients() {
    Map<InetAddress, InetAddress> nodes = new HashMap<>();
    for (Host host : cluster.getMetadata().getAllHosts()) {
      InetSocketAddress said = host.getBroadcastRpcAddress();
      InetAddress clients =
          said == null || said.getAddress().isAnyLocalAddress()
              ? host.getEndPoint().resolve().getAddress()
              : said.getAddress();
      InetAddress others = host.getBroadcastAddress();
      nodes.put(clients, others == null ? clients : others);
    }
    return nodes;
  }

  static List<InetSocketAddress> at(Collection<InetAddress> addresses, int port) {
    return addresses.stream().map(address -> new InetSocketAddress(address, port)).toList();
  }

  /// All tables, as `keyspace.table`.
  List<String> tables() {
    try {
      return session
          .execute("SELECT keyspace_name, table_name FROM system_schema.tables")
          .all()
          .stream()
          .map(row -> row.getString(0) + "." + row.getString(1))
          .collect(Collectors.toList());
    } catch (DriverException e) {
      throw new LoaderFailure("cannot read the ring's tables", e);
    }
  }

  /// Reads a table page by page, so that no request has to read all of it: `rows`, and their
  /// `digest` where all are asked for; `unavailable` where the ring has not the nodes for that
  /// consistency; `forbidden` where the login may not.
  Map<String, ?> count(Request.Count asked, Answers answers) {
    List<String> names = columns(asked);
    SimpleStatement statement =
        new SimpleStatement(
            "SELECT %s FROM %s.%s"
                .formatted(
                    names.stream().map(Metadata::quote).collect(Collectors.joining(", ")),
                    Metadata.quote(asked.keyspace()),
                    Metadata.quote(asked.table())));
    statement.setFetchSize(PAGE);
    statement.setConsistencyLevel(ConsistencyLevel.valueOf(asked.consistency()));
    try {
      RowDigest digest = new RowDigest();
      long count = 0;
      for (Row row : session.execute(statement)) {
        digest.add(values(row, names.size()));
        if (++count == asked.most()) {
          break;
        }
        if (count % PACE == 0) {
          answers.progress("reading rows at " + asked.consistency(), count, 0);
        }
      }
      return asked.most() == 0
          ? Map.of("rows", count, "digest", digest.toString())
          : Map.of("rows", count);
    } catch (UnavailableException e) {
      return Map.of("unavailable", true);
    } catch (UnauthorizedException e) {
      return Map.of("forbidden", String.valueOf(e.getMessage()));
    } catch (DriverException e) {
      throw new LoaderFailure(
          "cannot read %s.%s at %s".formatted(asked.keyspace(), asked.table(), asked.consistency()),
          e);
    }
  }

  private static List<@Nullable ByteBuffer> values(Row row, int columns) {
    List<@Nullable ByteBuffer> values = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      values.add(row.getBytesUnsafe(i));
    }
    return values;
  }

  /// By their names. The driver itself does not know tables with columns of newer types.
  private List<String> columns(Request.Count asked) {
    List<String> names = new ArrayList<>();
    for (Row column :
        session.execute(
            "SELECT column_name FROM system_schema.columns WHERE keyspace_name = ? AND table_name"
                + " = ?",
            asked.keyspace(),
            asked.table())) {
      names.add(column.getString("column_name"));
    }
    if (names.isEmpty()) {
      throw new LoaderFailure(
          "the ring has no table %s.%s".formatted(asked.keyspace(), asked.table()));
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
