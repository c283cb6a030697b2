package dev.chrysalis.cassandra.control;

import static dev.chrysalis.cassandra.control.FakeRing.NODES;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What befalls the ring, and the plan that answers it.
enum RingDisaster {
  NODE_DOWN,
  NODE_LOST,
  NODE_LOST_AND_DOWN_BEFORE,
  ALL_DOWN,
  QUORUM_LOST,
  TABLES_DAMAGED,
  STORE_LOST,
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
            capsule: {needs: [cassandra]}
            plato: {needs: [cassandra]}
          datastores:
            cassandra: {kind: cassandra}
          """);

  static String stack() {
    return STACK.name();
  }

  void strike(FakeRing ring) {
    switch (this) {
      case NODE_DOWN -> ring.platform().hang(NODES.getLast());
      case NODE_LOST -> ring.empty(NODES.getLast());
      case NODE_LOST_AND_DOWN_BEFORE -> {
        ring.platform().loseVolume(NODES.getLast());
        ring.platform().kill(NODES.getLast());
      }
      case ALL_DOWN -> NODES.forEach(ring.platform()::hang);
      case QUORUM_LOST -> {
        ring.platform().hang(NODES.get(1));
        ring.damage(NODES.getLast());
      }
      case TABLES_DAMAGED -> ring.spoil(NODES.getLast());
      case STORE_LOST -> NODES.forEach(ring::damage);
      case DATA_CORRUPTED -> NODES.forEach(ring::corrupt);
    }
  }

  /// The plan, made for what was found.
  Plan plan(Situation found, RingState state) {
    CassandraPlans plans =
        new CassandraPlans(
            STACK,
            Objects.requireNonNull(STACK.datastores().get("cassandra")),
            found,
            state,
            new CassandraPlans.Forecast(
                Duration.ofSeconds(9),
                Duration.ofSeconds(5),
                Duration.ofSeconds(7),
                "3 s",
                Map.of(),
                List.of()),
            Map.of());
    return this == DATA_CORRUPTED
        ? plans.dataCorrupted(
            new CassandraPlans.Target(
                Instant.parse("2026-11-23T02:10:00Z"), Optional.empty(), List.of()))
        : plans.plan().orElseThrow();
  }

  Datastore store() {
    return Objects.requireNonNull(STACK.datastores().get("cassandra"));
  }

  /// Whose backups the plan ends with, where it ends with any.
  List<MemberId> backsUp() {
    return this == TABLES_DAMAGED ? List.of(NODES.getLast()) : NODES;
  }

  /// Whether a node has what the vault held of it, in the end.
  boolean restores(int ordinal) {
    return switch (this) {
      case NODE_DOWN, NODE_LOST, NODE_LOST_AND_DOWN_BEFORE, ALL_DOWN, TABLES_DAMAGED -> false;
      case QUORUM_LOST -> ordinal == 2;
      case STORE_LOST, DATA_CORRUPTED -> true;
    };
  }
}
