package dev.chrysalis.cli;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.cassandra.CassandraStore;
import dev.chrysalis.recovery.postgres.PostgresStore;
import dev.chrysalis.recovery.redis.RedisStore;
import dev.chrysalis.recovery.store.Store;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which datastore is meant: `--datastore NAME`.
public final class DatastoreOption {
  @Option(
      names = "--datastore",
      paramLabel = "NAME",
      description = "of which datastore (default: the first of the stack file that it fits)")
  private @Nullable String name;

  /// As if that one had been named.
  public static DatastoreOption of(Store store) {
    DatastoreOption option = new DatastoreOption();
    option.name = store.declared().name();
    return option;
  }

  /// The name that was given; empty where none was.
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /// The datastore that is meant; the first where none was named.
  public Store of(Site site) {
    List<Store> all = site.recovery().stores();
    return all.stream()
        .filter(s -> name == null || s.declared().name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(site));
  }

  /// The PostgreSQL datastore that is meant, for what only that kind knows.
  public PostgresStore postgres(Site site) {
    return only(site, PostgresStore.class, "PostgreSQL");
  }

  /// The Redis datastore that is meant, for what only that kind knows.
  public RedisStore redis(Site site) {
    return only(site, RedisStore.class, "Redis");
  }

  /// The Cassandra datastore that is meant, for what only that kind knows.
  public CassandraStore cassandra(Site site) {
    return only(site, CassandraStore.class, "Cassandra");
  }

  private <T extends Store> T only(Site site, Class<T> type, String kind) {
    if (name != null && !type.isInstance(of(site))) {
      throw new ChrysalisException(
          CliErrors.NO_SUCH_DATASTORE,
          name + " is no " + kind + " datastore",
          "this can be done of " + kind + " only");
    }
    return site.recovery().stores().stream()
        .filter(s -> name == null || s.declared().name().equals(name))
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow(() -> unknown(site));
  }

  private ChrysalisException unknown(Site site) {
    List<String> all = site.recovery().stores().stream().map(s -> s.declared().name()).toList();
    return new ChrysalisException(
        CliErrors.NO_SUCH_DATASTORE,
        name == null
            ? "the stack file declares no datastore that this could be done of"
            : "the stack has no datastore '" + name + "'",
        "it has: " + String.join(", ", all));
  }
}
