package dev.chrysalis.bulkloader;

import com.datastax.driver.core.AuthProvider;
import com.datastax.driver.core.Cluster;
import com.datastax.driver.core.ConsistencyLevel;
import com.datastax.driver.core.Metadata;
import com.datastax.driver.core.PlainTextAuthProvider;
import com.datastax.driver.core.ResultSet;
import com.datastax.driver.core.Row;
import com.datastax.driver.core.Session;
import com.datastax.driver.core.SimpleStatement;
import com.datastax.driver.core.exceptions.DriverException;
import com.datastax.driver.core.exceptions.UnavailableException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.cassandra.dht.IPartitioner;
import org.apache.cassandra.utils.FBUtilities;

/// The ring by its clients' protocol. For one thread.
final class Ring implements AutoCloseable {
  private static final int PAGE = 2000;
  private static final int TIMEOUT = 60_000;

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

  void execute(String cql) {
    try {
      ResultSet result = session.execute(cql);
      if (!result.getExecutionInfo().isSchemaInAgreement()) {
        throw new LoaderFailure("the nodes do not agree on their schema after: " + cql);
      }
    } catch (DriverException e) {
      throw new LoaderFailure("the ring refuses: " + cql, e);
    }
  }

  IPartitioner partitioner() {
    return FBUtilities.newPartitioner(cluster.getMetadata().getPartitioner());
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

  /// How many rows a table has, page by page, so that no request has to read all of it; empty where
  /// the ring has not the nodes for that consistency.
  OptionalLong count(Request.Count asked) {
    SimpleStatement statement =
        new SimpleStatement(
            "SELECT %s FROM %s.%s"
                .formatted(
                    Metadata.quote(keyColumn(asked)),
                    Metadata.quote(asked.keyspace()),
                    Metadata.quote(asked.table())));
    statement.setFetchSize(PAGE);
    statement.setConsistencyLevel(ConsistencyLevel.valueOf(asked.consistency()));
    try {
      ResultSet rows = session.execute(statement);
      long count = 0;
      while ((asked.most() == 0 || count < asked.most()) && rows.one() != null) {
        count++;
      }
      return OptionalLong.of(count);
    } catch (UnavailableException e) {
      return OptionalLong.empty();
    } catch (DriverException e) {
      throw new LoaderFailure(
          "cannot count %s.%s at %s"
              .formatted(asked.keyspace(), asked.table(), asked.consistency()),
          e);
    }
  }

  /// One column of the partition key. The driver itself does not know tables with columns of newer
  /// types.
  private String keyColumn(Request.Count asked) {
    for (Row column :
        session.execute(
            "SELECT column_name, kind FROM system_schema.columns WHERE keyspace_name = ? AND"
                + " table_name = ?",
            asked.keyspace(),
            asked.table())) {
      if (column.getString("kind").equals("partition_key")) {
        return column.getString("column_name");
      }
    }
    throw new LoaderFailure(
        "the ring has no table %s.%s".formatted(asked.keyspace(), asked.table()));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
