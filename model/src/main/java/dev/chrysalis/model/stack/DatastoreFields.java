package dev.chrysalis.model.stack;

import dev.chrysalis.model.stack.Datastore.Kind;
import java.time.Duration;
import java.util.List;

/// Reads one entry of the section `datastores` of the stack file.
final class DatastoreFields {
  private static final int MOST_KEPT = 10_000;

  private DatastoreFields() {}

  static Datastore read(String name, YamlFields f) {
    return switch (f.text("kind")) {
      case "postgresql" -> read(name, f, 5432, postgreSql(f));
      case "redis" -> read(name, f, 6379, redis(name, f));
      case "cassandra" -> read(name, f, 9042, cassandra(f));
      default -> throw f.bad("kind", "must be 'cassandra', 'postgresql' or 'redis'");
    };
  }

  private static Datastore read(String name, YamlFields f, int port, Kind kind) {
    return new Datastore(
        name,
        kind,
        f.textOr("workload", name),
        f.numberOr("port", port, 1, 65535),
        f.objects("clients", c -> new Datastore.Client(c.text("service"), c.text("variable"))),
        f.object("backup", b -> backup(kind, b)));
  }

  private static Kind postgreSql(YamlFields f) {
    return new Kind.PostgreSql(f.has("dumps") ? f.object("dumps", DatastoreFields::dumps) : null);
  }

  private static Kind redis(String name, YamlFields f) {
    return new Kind.Redis(
        f.object("sentinel", s -> sentinel(name, s)),
        f.has("dumps") ? f.object("dumps", d -> d.text("location")) : null);
  }

  private static Kind cassandra(YamlFields f) {
    if (f.has("clients")) {
      throw f.bad("clients", "is not for Cassandra: name it among the needs of its services");
    }
    return new Kind.Cassandra(
        f.durationOr("syncPeriod", Duration.ofSeconds(10)),
        f.has("compareWithin")
            ? f.parsed("compareWithin", DatastoreFields::compareWithin)
            : Duration.ofMinutes(10));
  }

  private static Duration compareWithin(String text) {
    return text.equals("never") ? Duration.ZERO : Durations.parse(text);
  }

  private static Kind.Sentinels sentinel(String store, YamlFields f) {
    return new Kind.Sentinels(
        f.textOr("workload", store + "-sentinel"),
        f.numberOr("port", 26379, 1, 65535),
        f.has("master") ? f.parsed("master", Kind.Sentinels::master) : "mymaster");
  }

  private static DumpPolicy dumps(YamlFields f) {
    List<DumpPolicy.Role> roles =
        f.objects(
            "roles",
            r ->
                new DumpPolicy.Role(
                    r.text("name"),
                    r.has("passwordFile") ? StackFile.path(r, "passwordFile") : null));
    String owner = f.has("owner") ? f.text("owner") : null;
    if (owner != null && roles.stream().noneMatch(role -> role.name().equals(owner))) {
      throw f.bad("owner", "must be one of the roles");
    }
    return new DumpPolicy(
        f.text("location"),
        f.parsed("database", DumpPolicy::database),
        owner,
        roles,
        f.has("locale") ? f.parsed("locale", DumpPolicy::locale) : "C",
        f.has("configuration") ? StackFile.path(f, "configuration") : null);
  }

  private static Datastore.BackupPolicy backup(Kind kind, YamlFields f) {
    return new Datastore.BackupPolicy(
        f.durationOr("every", Duration.ofDays(1)),
        f.durationOr("logWithin", logWithin(kind)),
        f.has("keep") ? f.object("keep", DatastoreFields::keep) : null,
        f.has("prove") ? f.object("prove", p -> prove(kind, p)) : null);
  }

  /// Ten seconds, behind what the server has synced.
  private static Duration logWithin(Kind kind) {
    Duration shipped = Duration.ofSeconds(10);
    return switch (kind) {
      case Kind.PostgreSql _, Kind.Redis _ -> shipped;
      case Kind.Cassandra ring -> shipped.plus(ring.syncedWithin());
    };
  }

  private static ProofPolicy prove(Kind kind, YamlFields f) {
    return new ProofPolicy(
        f.durationOr("verified", Duration.ofDays(1)),
        f.durationOr("restored", Duration.ofDays(7)),
        queries(kind, f));
  }

  private static List<ProofQuery> queries(Kind kind, YamlFields f) {
    return switch (kind) {
      case Kind.PostgreSql _ -> f.objects("queries", DatastoreFields::query);
      // Asked by SQL: what else has none refuses the key as unknown.
      case Kind.Redis _, Kind.Cassandra _ -> List.of();
    };
  }

  private static ProofQuery query(YamlFields f) {
    return new ProofQuery(
        StackFile.name(f.text("name"), f, "name"),
        f.text("database"),
        f.parsed("sql", ProofQuery::reading));
  }

  private static KeepPolicy keep(YamlFields f) {
    KeepPolicy otherwise = KeepPolicy.DEFAULTS;
    return new KeepPolicy(
        f.numberOr("hourly", otherwise.hourly(), 0, MOST_KEPT),
        f.numberOr("daily", otherwise.daily(), 0, MOST_KEPT),
        f.numberOr("weekly", otherwise.weekly(), 0, MOST_KEPT),
        f.numberOr("monthly", otherwise.monthly(), 0, MOST_KEPT),
        f.durationOr("within", otherwise.within()));
  }
}
