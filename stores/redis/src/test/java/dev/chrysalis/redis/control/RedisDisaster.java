package dev.chrysalis.redis.control;

import static dev.chrysalis.redis.control.FakeRedisGroup.FIRST;
import static dev.chrysalis.redis.control.FakeRedisGroup.SECOND;
import static dev.chrysalis.redis.control.FakeRedisGroup.SENTINELS;
import static dev.chrysalis.redis.control.FakeRedisGroup.SERVERS;
import static dev.chrysalis.redis.control.FakeRedisGroup.THIRD;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What befalls the group, the plan that answers it, and who leads when it is over.
enum RedisDisaster {
  MASTER_DOWN_VOTED,
  MASTER_DOWN_FORCED,
  MASTER_DOWN_NO_QUORUM,
  MASTER_DOWN_NO_FIT,
  ALL_HUNG,
  HOST_HUNG,
  MASTER_LOST,
  MASTER_EMPTY_HOLDER_DOWN,
  REPLICA_DOWN,
  REPLICA_LOST,
  REPLICAS_LOST_AND_DOWN,
  SENTINELS_DOWN,
  QUORUM_LOST,
  WRONG_MASTER,
  STORE_LOST,
  STORE_LOST_DUMP,
  FILLED_ANEW,
  DATA_CORRUPTED;

  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services:
            perception: {needs: [redis]}
            odyssey: {needs: [redis]}
          datastores:
            redis:
              kind: redis
              sentinel: {workload: redis-sentinel, master: mymaster}
              clients: [{service: perception, variable: REDIS_HOST}]
          """);

  static String stack() {
    return STACK.name();
  }

  void strike(FakeRedisGroup group) {
    switch (this) {
      case MASTER_DOWN_VOTED -> {
        group.masterHangs();
        group.voteAfter(30);
      }
      case MASTER_DOWN_FORCED -> group.masterHangs();
      case MASTER_DOWN_NO_QUORUM -> {
        group.masterHangs();
        group.platform().hang(SENTINELS.get(1));
        group.platform().hang(SENTINELS.get(2));
      }
      case MASTER_DOWN_NO_FIT -> {
        List.of(SECOND, THIRD).forEach(group.platform()::hang);
        group.platform().hang(FIRST);
      }
      case HOST_HUNG -> {
        group.masterHangs();
        group.platform().hang(SENTINELS.get(2));
      }
      case REPLICAS_LOST_AND_DOWN -> {
        group.lose(SECOND);
        group.platform().hang(THIRD);
        group.platform().hang(SENTINELS.get(1));
      }
      case ALL_HUNG -> {
        List.of(SECOND, THIRD, FIRST).forEach(group.platform()::hang);
        SENTINELS.forEach(group.platform()::hang);
      }
      case MASTER_LOST -> {
        group.masterHangs();
        group.lose(FIRST);
      }
      case MASTER_EMPTY_HOLDER_DOWN -> {
        List.of(SECOND, THIRD).forEach(group.platform()::hang);
        group.emptied(FIRST);
      }
      case REPLICA_DOWN -> {
        group.platform().hang(SECOND);
        group.platform().hang(THIRD);
        group.data(THIRD).put("role", "master");
      }
      case REPLICA_LOST -> group.lose(SECOND);
      case SENTINELS_DOWN ->
          List.of(SENTINELS.get(0), SENTINELS.get(2)).forEach(group.platform()::hang);
      case QUORUM_LOST -> SENTINELS.forEach(s -> group.data(s).put("gone", "three others"));
      case WRONG_MASTER ->
          SENTINELS.forEach(s -> group.data(s).put("master", group.address(SECOND)));
      case STORE_LOST, STORE_LOST_DUMP -> SERVERS.forEach(group::damage);
      case FILLED_ANEW -> {
        SERVERS.forEach(s -> group.data(s).put("keys", "10"));
        group.corrupt(FIRST);
        group.vault().cameUpEmpty(FIRST);
      }
      case DATA_CORRUPTED -> group.corrupt(FIRST);
    }
  }

  /// The plan, made for what was found.
  Plan plan(Situation found, RedisState state) {
    RedisPlans plans = plans(found, state);
    return switch (this) {
      case STORE_LOST_DUMP ->
          plans.storeLostWithDump(SERVERS, "s3://butterfly-backups", "redis/dump.rdb");
      case DATA_CORRUPTED ->
          plans.dataCorrupted(
              SERVERS,
              Optional.of(FIRST),
              new RedisPlans.Target(
                  Instant.parse("2026-11-23T02:10:00Z"),
                  Instant.parse("2026-11-23T02:09:59Z"),
                  Optional.of(Instant.parse("2026-11-23T02:15:27Z"))));
      default -> plans.plan().orElseThrow();
    };
  }

  static RedisPlans plans(Situation found, RedisState state) {
    Datastore store = STACK.datastores().values().iterator().next();
    return new RedisPlans(
        STACK,
        store,
        found,
        state,
        new RedisPlans.Forecast(Duration.ofSeconds(9), Duration.ofSeconds(5), "3 s", Map.of()),
        Map.of());
  }

  /// The master in the end.
  MemberId master() {
    return switch (this) {
      case MASTER_DOWN_VOTED,
          MASTER_DOWN_FORCED,
          MASTER_DOWN_NO_QUORUM,
          HOST_HUNG,
          MASTER_LOST,
          MASTER_EMPTY_HOLDER_DOWN ->
          SECOND;
      case MASTER_DOWN_NO_FIT,
          ALL_HUNG,
          REPLICA_DOWN,
          REPLICA_LOST,
          REPLICAS_LOST_AND_DOWN,
          SENTINELS_DOWN,
          QUORUM_LOST,
          WRONG_MASTER,
          STORE_LOST,
          STORE_LOST_DUMP,
          FILLED_ANEW,
          DATA_CORRUPTED ->
          FIRST;
    };
  }

  /// How many keys there are in the end.
  String keys() {
    return switch (this) {
      case STORE_LOST, STORE_LOST_DUMP, FILLED_ANEW, DATA_CORRUPTED -> "103";
      default -> "100";
    };
  }
}
