package dev.chrysalis.bulkloader;

import com.datastax.driver.core.RemoteEndpointAwareJdkSSLOptions;
import com.datastax.driver.core.SSLOptions;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.cassandra.config.Config;
import org.apache.cassandra.config.DataStorageSpec;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.config.EncryptionOptions;
import org.apache.cassandra.config.TransparentDataEncryptionOptions;
import org.apache.cassandra.config.YamlConfigurationLoader;
import org.apache.cassandra.exceptions.ConfigurationException;
import org.apache.cassandra.io.sstable.format.SSTableFormat;
import org.apache.cassandra.io.sstable.format.Version;
import org.apache.cassandra.security.EncryptionContext;
import org.apache.cassandra.security.SSLFactory;
import org.apache.cassandra.utils.StorageCompatibilityMode;

/// What the ring's `cassandra.yaml` says about how to speak with its nodes.
final class ServerConfiguration {
  private static final long MEBIBYTE = 1L << 20;
  private static final DataStorageSpec.IntKibibytesBound LARGEST_MUTATION =
      new DataStorageSpec.IntKibibytesBound("1GiB");
  private static final String TABLES_OF_4 = "nb";
  private static final int NEWER_TABLES = 5;

  private final Config config;

  private ServerConfiguration(Config config) {
    this.config = config;
  }

  /// Reads it and makes Cassandra's classes ready, once in a process.
  static ServerConfiguration prepare(Request.Begin begin) {
    try {
      Config config =
          begin.config().isEmpty()
              ? new Config()
              : new YamlConfigurationLoader().loadConfig(Path.of(begin.config()).toUri().toURL());
      config.server_encryption_options.applyConfig();
      config.client_encryption_options.applyConfig();
      DatabaseDescriptor.clientInitialization();
      // Only a server fills these in: mutations cannot be read without the one, and no CREATE TABLE
      // that names a memtable without the other.
      DatabaseDescriptor.getRawConfig().max_mutation_size = LARGEST_MUTATION;
      DatabaseDescriptor.getRawConfig().memtable = config.memtable;
      throttle(begin.mebibytesPerSecond());
      return new ServerConfiguration(config);
    } catch (ConfigurationException | MalformedURLException e) {
      // Its message may quote the line, with a password in it.
      throw new LoaderFailure(
          "cannot read %s (%s)".formatted(begin.config(), e.getClass().getSimpleName()));
    }
  }

  /// Makes encrypted commit logs readable, with the keys that the nodes use. Only where there are
  /// some: those keys may be missing where this runs.
  void useKeysOfLogs() {
    TransparentDataEncryptionOptions options = config.transparent_data_encryption_options;
    // The header of a log says the rest, also where logs are not encrypted any more.
    if (options.key_provider == null) {
      throw LoaderFailure.ofTheMachine(
          "the commit log is encrypted, and no transparent_data_encryption_options of a"
              + " cassandra.yaml say with which key");
    }
    try {
      DatabaseDescriptor.setEncryptionContext(new EncryptionContext(options));
    } catch (RuntimeException e) {
      // Its message may quote the options, with a password in them.
      throw LoaderFailure.ofTheMachine(
          "the commit log is encrypted, and the keys of transparent_data_encryption_options cannot"
              + " be used (%s)".formatted(LoaderFailure.rootOf(e).getClass().getSimpleName()));
    }
  }

  private static void throttle(int mebibytesPerSecond) {
    DatabaseDescriptor.setStreamThroughputOutboundBytesPerSec(mebibytesPerSecond * MEBIBYTE);
    DatabaseDescriptor.setInterDCStreamThroughputOutboundBytesPerSec(mebibytesPerSecond * MEBIBYTE);
    DatabaseDescriptor.setEntireSSTableStreamThroughputOutboundMebibytesPerSec(mebibytesPerSecond);
    DatabaseDescriptor.setEntireSSTableInterDCStreamThroughputOutboundMebibytesPerSec(
        mebibytesPerSecond);
  }

  /// The version of SSTables that all nodes of the ring can read. One that is streamed whole is
  /// stored as it is, and a node of 5.0 that is to stay compatible with 4 (as it is unless told
  /// otherwise) does not start where there is a newer one.
  Version tableVersion() {
    StorageCompatibilityMode mode = config.storage_compatibility_mode;
    SSTableFormat<?, ?> format = DatabaseDescriptor.getSelectedSSTableFormat();
    return mode == null || mode.isBefore(NEWER_TABLES)
        ? format.getVersion(TABLES_OF_4)
        : format.getLatestVersion();
  }

  int storagePort() {
    return config.storage_port;
  }

  EncryptionOptions.ServerEncryptionOptions serverEncryption() {
    return config.server_encryption_options;
  }

  /// How clients speak with it; empty for in the open.
  Optional<SSLOptions> clientEncryption() {
    EncryptionOptions options = config.client_encryption_options;
    if (!options.getEnabled()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          RemoteEndpointAwareJdkSSLOptions.builder()
              .withSSLContext(SSLFactory.createSSLContext(options, true))
              .build());
    } catch (IOException e) {
      throw new LoaderFailure("cannot use the client_encryption_options of the configuration", e);
    }
  }
}
