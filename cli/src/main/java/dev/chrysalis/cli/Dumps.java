package dev.chrysalis.cli;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.DumpPolicy;
import dev.chrysalis.postgres.archive.Dump;
import dev.chrysalis.postgres.archive.DumpsInBucket;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.recovery.store.StoreDump;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The dumps of a datastore that others made, at the place that the stack file names.
public record Dumps(Datastore store) {
  /// How the newest is asked for.
  private static final String LATEST = "latest";

  /// Whether the stack file names a place.
  public boolean declared() {
    return location().isPresent();
  }

  /// All of them, the newest last; none where the stack file names no place.
  public List<StoreDump> all() {
    return declared() ? with(this::in) : List.of();
  }

  private List<StoreDump> in(Backend bucket) {
    return switch (store.kind()) {
      case Datastore.Kind.PostgreSql _ ->
          new DumpsInBucket(bucket).all().stream().map(this::found).toList();
      case Datastore.Kind.Redis _ ->
          bucket.size(Datastore.Kind.Redis.DUMP).stream().mapToObj(this::latest).toList();
      case Datastore.Kind.Cassandra _ -> List.of();
    };
  }

  /// The one of that day, or `latest`. Errors: `NO_DUMPS`, `NO_SUCH_DUMP`.
  public StoreDump find(String date) {
    return with(bucket ->
        switch (store.kind()) {
          case Datastore.Kind.PostgreSql _ -> found(new DumpsInBucket(bucket).find(date));
          case Datastore.Kind.Redis _ ->
              in(bucket).stream()
                  .filter(dump -> dump.date().equals(date))
                  .findFirst()
                  .orElseThrow(() -> noSuchDump(date, bucket));
          case Datastore.Kind.Cassandra _ -> throw undeclared();
        });
  }

  private StoreDump latest(long bytes) {
    return new StoreDump(store.name(), LATEST, Datastore.Kind.Redis.DUMP, bytes);
  }

  private StoreDump found(Dump dump) {
    return new StoreDump(store.name(), dump.date(), dump.key(), dump.bytes());
  }

  private static ChrysalisException noSuchDump(String date, Backend bucket) {
    return date.equals(LATEST)
        ? new ChrysalisException(
            RedisErrors.NO_SUCH_DUMP,
            "there is no " + Datastore.Kind.Redis.DUMP + " in " + bucket,
            "copy the RDB file there, or name another place in the stack file: dumps")
        : new ChrysalisException(
            RedisErrors.NO_SUCH_DUMP,
            "of Redis there is one dump, " + Datastore.Kind.Redis.DUMP + ", and none of " + date,
            "ask for it: --dump latest");
  }

  private Optional<String> location() {
    return switch (store.kind()) {
      case Datastore.Kind.PostgreSql _ -> store.dumps().map(DumpPolicy::location);
      case Datastore.Kind.Redis redis -> redis.dumps();
      case Datastore.Kind.Cassandra _ -> Optional.empty();
    };
  }

  private ChrysalisException undeclared() {
    return new ChrysalisException(
        RecoveryErrors.NO_DUMPS,
        "the stack file does not say where dumps of " + store.name() + " are",
        store.kind() instanceof Datastore.Kind.Cassandra
            ? "copies of a ring's files are loaded into a ring that serves: chrysalis agent cassandra"
                + " load-dump, see docs/cassandra.md"
            : "declare datastores." + store.name() + ".dumps, see docs/stack-file.md");
  }

  private <T> T with(Function<Backend, T> work) {
    String location = location().orElseThrow(this::undeclared);
    try (Backend bucket = Backends.open(VaultLocation.parse(location))) {
      return work.apply(bucket);
    }
  }
}
