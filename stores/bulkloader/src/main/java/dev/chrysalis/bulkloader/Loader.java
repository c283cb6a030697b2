package dev.chrysalis.bulkloader;

import java.util.Map;
import org.apache.cassandra.schema.TableMetadataRef;
import org.jspecify.annotations.Nullable;

/// Does what it is asked for on one ring, or without one.
final class Loader {
  private final Request.Begin begin;
  private final ServerConfiguration configuration;
  private final @Nullable Ring ring;
  private final Answers answers;

  private Loader(
      Request.Begin begin,
      ServerConfiguration configuration,
      @Nullable Ring ring,
      Answers answers) {
    this.begin = begin;
    this.configuration = configuration;
    this.ring = ring;
    this.answers = answers;
  }

  static Loader begin(Request.Begin begin, Answers answers) {
    ServerConfiguration configuration = ServerConfiguration.prepare(begin);
    if (begin.contacts().isEmpty()) {
      return new Loader(begin, configuration, null, answers);
    }
    Ring ring = Ring.connect(begin, configuration);
    SourceSchema.begin(ring.partitioner());
    return new Loader(begin, configuration, ring, answers);
  }

  private Ring ring() {
    if (ring == null) {
      throw new LoaderFailure("begun without a ring");
    }
    return ring;
  }

  Map<String, ?> answer(Request request) {
    if (request instanceof Request.Source asked) {
      return Map.of("roles", SourceSchema.begin(SourceTables.partitioner(asked.folders())));
    }
    if (request instanceof Request.Keyspaces asked) {
      return Map.of("keyspaces", KeyspaceTable.read(asked.folders(), ring().partitioner()));
    }
    if (request instanceof Request.Tables) {
      return Map.of("tables", ring().tables());
    }
    if (request instanceof Request.Execute asked) {
      ring().execute(asked);
      return Map.of("executed", true);
    }
    if (request instanceof Request.Know asked) {
      SourceSchema.know(asked);
      return Map.of("known", true);
    }
    if (request instanceof Request.Replay asked) {
      return new LogReplay(asked, configuration, answers).run();
    }
    if (request instanceof Request.Load asked) {
      return new TableLoad(asked, client(ring()), answers).run();
    }
    if (request instanceof Request.Read asked) {
      return new TableReading(asked, table(asked), answers).run();
    }
    if (request instanceof Request.Count asked) {
      return ring().count(asked, answers);
    }
    throw new LoaderFailure("already begun");
  }

  private RingClient client(Ring of) {
    return new RingClient(begin, configuration, of.nodesByClients());
  }

  private TableMetadataRef table(Request.Read asked) {
    if (ring == null) {
      return SourceSchema.table(asked.keyspace(), asked.table());
    }
    RingClient client = client(ring);
    client.init(asked.keyspace());
    return client.table(asked.table());
  }
}
