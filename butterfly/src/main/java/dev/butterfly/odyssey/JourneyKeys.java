package dev.butterfly.odyssey;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/// Journeys in Redis, each under a key of its own: `journey:7`. Safe for many threads and many
/// services at once.
///
/// A write counts only once a replica has confirmed it besides the master, so that a failover does
/// not lose it: Redis itself answers a write before any replica has it. A journey that is there
/// already is written once more for that, since only what this connection wrote can be confirmed to
/// it.
final class JourneyKeys {
  private static final String PREFIX = "journey:";
  private static final String SET = "OK";
  private static final int REPLICAS = 1;
  private static final long CONFIRMATION_MILLIS = 1_000;
  private static final ScanParams JOURNEYS = new ScanParams().match(PREFIX + "*").count(1_000);

  private final RedisMaster redis;

  JourneyKeys(RedisMaster redis) {
    this.redis = redis;
  }

  /// What became of a write.
  enum Outcome {
    /// It is there, on the master and on a replica.
    KEPT,
    /// The master has it, and no replica has confirmed it in time.
    UNCONFIRMED,
    /// Another value stands under its id.
    OTHER_VALUE
  }

  /// Writes a journey, or the same one again.
  Outcome write(long id, String value) {
    return redis.ask(master -> {
      String key = PREFIX + id;
      if (!SET.equals(master.set(key, value, SetParams.setParams().nx()))) {
        String there = master.get(key);
        if (there != null && !there.equals(value)) {
          return Outcome.OTHER_VALUE;
        }
        master.set(key, value);
      }
      return master.waitReplicas(REPLICAS, CONFIRMATION_MILLIS) >= REPLICAS
          ? Outcome.KEPT
          : Outcome.UNCONFIRMED;
    });
  }

  /// The journey of that id.
  Optional<Journey> read(long id) {
    return redis.ask(master ->
        Optional.ofNullable(master.get(PREFIX + id)).map(value -> new Journey(id, value)));
  }

  /// Journeys in the order of their ids, from the first id above `after`. All keys are looked
  /// through for each page, in steps that hold nobody up: there is no index that could differ from
  /// them.
  List<Journey> page(long after, int limit) {
    return redis.ask(master -> {
      List<Long> ids = List.copyOf(ids(master, after, limit));
      List<Journey> page = new ArrayList<>();
      if (ids.isEmpty()) {
        return page;
      }
      List<String> values = master.mget(ids.stream().map(id -> PREFIX + id).toArray(String[]::new));
      for (int i = 0; i < ids.size(); i++) {
        String value = values.get(i);
        if (value != null) {
          page.add(new Journey(ids.get(i), value));
        }
      }
      return page;
    });
  }

  private static NavigableSet<Long> ids(Jedis master, long after, int limit) {
    NavigableSet<Long> ids = new TreeSet<>();
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> step = master.scan(cursor, JOURNEYS);
      step.getResult().stream()
          .map(JourneyKeys::id)
          .flatMap(Optional::stream)
          .filter(id -> id > after)
          .forEach(ids::add);
      while (ids.size() > limit) {
        ids.pollLast();
      }
      cursor = step.getCursor();
    } while (!Objects.equals(cursor, ScanParams.SCAN_POINTER_START));
    return ids;
  }

  private static Optional<Long> id(String key) {
    try {
      return Optional.of(Long.valueOf(key.substring(PREFIX.length())));
    } catch (NumberFormatException e) {
      // A key of somebody else's, which no journey has.
      return Optional.empty();
    }
  }
}
