package dev.chrysalis.bulkloader;

import java.util.Map;

/// Does what it is asked for on one ring.
final class Loader {
  private final Request.Begin begin;
  private final ServerConfiguration configuration;
  private final Ring ring;
  private final Answers answers;

  private Loader(
      Request.Begin begin, ServerConfiguration configuration, Ring ring, Answers answers) {
    this.begin = begin;
    this.configuration = configuration;
    this.ring = ring;
    this.answers = answers;
  }

  static Loader begin(Request.Begin begin, Answers answers) {
    ServerConfiguration configuration = ServerConfiguration.prepare(begin);
    Ring ring = Ring.connect(begin, configuration);
    SourceSchema.begin(ring.partitioner());
    return new Loader(begin, configuration, ring, answers);
  }

  Map<String, ?> answer(Request request) {
    if (request instanceof Request.Keyspaces asked) {
      return Map.of("keyspaces", KeyspaceTable.read(asked.folders(), ring.partitioner()));
    }
    if (request instanceof Request.Tables) {
      return Map.of("tables", ring.tables());
    }
    if (request instanceof Request.Execute asked) {
      ring.execute(asked.cql());
      return Map.of("executed", true);
    }
    if (request instanceof Request.Know asked) {
      SourceSchema.know(asked);
      return Map.of("known", true);
    }
    if (request instanceof Request.Replay asked) {
      return new LogReplay(asked, configuration.tableVersion(), answers).run();
    }
    if (request instanceof Request.Load asked) {
      return new TableLoad(asked, new RingClient(begin, configuration), answers).run();
    }
    if (request instanceof Request.Read asked) {
      return new TableReading(asked, new RingClient(begin, configuration), answers).run();
    }
    if (request instanceof Request.Count asked) {
      return ring.count(asked, answers);
    }
    throw new LoaderFailure("already begun");
  }
}
