package dev.chrysalis.bulkloader;

import java.util.Objects;
import org.apache.cassandra.io.sstable.format.Version;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.streaming.StreamingChannel;
import org.apache.cassandra.tools.BulkLoadConnectionFactory;
import org.apache.cassandra.utils.NativeSSTableLoaderClient;

/// Who owns which range of a keyspace, and what its tables are like: asked once.
final class RingClient extends NativeSSTableLoaderClient {
  private final ServerConfiguration configuration;
  private String known = "";

  RingClient(Request.Begin begin, ServerConfiguration configuration) {
    super(
        Ring.contacts(begin),
        configuration.storagePort(),
        Ring.login(begin),
        configuration.clientEncryption().orElse(null));
    this.configuration = configuration;
  }

  @Override
  public void init(String keyspace) {
    if (!known.equals(keyspace)) {
      super.init(keyspace);
      known = keyspace;
    }
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
