package dev.chrysalis.bulkloader;

import java.net.InetAddress;
import java.util.Map;
import java.util.Objects;
import org.apache.cassandra.dht.Range;
import org.apache.cassandra.dht.Token;
import org.apache.cassandra.io.sstable.format.Version;
import org.apache.cassandra.locator.InetAddressAndPort;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.streaming.StreamingChannel;
import org.apache.cassandra.tools.BulkLoadConnectionFactory;
import org.apache.cassandra.utils.NativeSSTableLoaderClient;

/// Who owns which range of a keyspace, and what its tables are like: asked once.
final class RingClient extends NativeSSTableLoaderClient {
  private final ServerConfiguration configuration;
  private final Map<InetAddress, InetAddress> nodesByClients;
  private String known = "";

  /// @param nodesByClients see `Ring.nodesByClients`: it is these addresses that it asks, since it
  ///   may not know again who answered at another one
  RingClient(
      Request.Begin begin,
      ServerConfiguration configuration,
      Map<InetAddress, InetAddress> nodesByClients) {
    super(
        Ring.at(nodesByClients.keySet(), begin.port()),
        configuration.storagePort(),
        Ring.login(begin),
        configuration.clientEncryption().orElse(null));
    this.configuration = configuration;
    this.nodesByClients = Map.copyOf(nodesByClients);
  }

  @Override
  public void init(String keyspace) {
    if (!known.equals(keyspace)) {
      super.init(keyspace);
      known = keyspace;
    }
  }

  /// Told where clients reach a node, keeps where other nodes do: there it takes streams.
  @Override
  protected void addRangeForEndpoint(Range<Token> range, InetAddressAndPort node) {
    InetAddress address = nodesByClients.getOrDefault(node.getAddress(), node.getAddress());
    super.addRangeForEndpoint(
        range, InetAddressAndPort.getByAddressOverrideDefaults(address, node.getPort()));
  }

  /// A table of that keyspace.
  TableMetadataRef table(String name) {
    return Objects.requireNonNullElseGet(
        getTableMetadata(name),
        () -> {
          throw new LoaderFailure("the ring has no table %s.%s".formatted(known, name));
        });
  }

  /// The version of SSTables that all nodes of the ring can read.
  Version tableVersion() {
    return configuration.tableVersion();
  }

  @Override
  public StreamingChannel.Factory getConnectionFactory() {
    return new BulkLoadConnectionFactory(
        configuration.serverEncryption(), configuration.storagePort());
  }
}
