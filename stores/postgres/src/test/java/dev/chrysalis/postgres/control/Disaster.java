package dev.chrysalis.postgres.control;

import static dev.chrysalis.postgres.control.FakePostgresPair.FIRST;
import static dev.chrysalis.postgres.control.FakePostgresPair.SECOND;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.archive.Dump;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What befalls the pair, the plan that answers it, and who takes writes when it is over.
enum Disaster {
  PRIMARY_DOWN,
  PRIMARY_VOLUME_LOST,
  PRIMARY_DAMAGED,
  PRIMARY_HUNG,
  REPLICA_DOWN,
  REPLICA_VOLUME_LOST,
  REPLICA_DAMAGED,
  STORE_VOLUMES_LOST,
  STORE_DAMAGED,
  DATA_CORRUPTED,
  DATA_CORRUPTED_IN_PLACE,
  DATA_CORRUPTED_FOR_GOOD,
  PAGES_RUINED_IN_PLACE,
  STORE_DAMAGED_AND_DUMPED;

  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services:
            perception: {needs: [postgres]}
          datastores:
            postgres:
              kind: postgresql
              clients: [{service: perception, variable: POSTGRES_HOST}]
              dumps:
                location: s3://butterfly-backups?region=eu-west-1
                database: perception
                owner: butterfly
                roles: [{name: butterfly, passwordFile: /srv/butterfly}, {name: reader}]
          """);

  private static final Dump DUMP =
      new Dump("2025-12-03", "postgres/2025-12-03/backup.sql.gz", 80_000_000);

  private static final PostgresPlans.Target TARGET = target(new FakeWalInVault());

  private static PostgresPlans.Target target(WalInVault vault) {
    RestoreGoal goal = RestoreGoal.parse("2026-11-23T02:15:21Z");
    WalInVault.Chosen chosen = vault.choose(goal, Optional.empty(), (bytes, total) -> {});
    return new PostgresPlans.Target(
        goal,
        Optional.empty(),
        chosen,
        vault.discarded(FakeWalInVault.SYSTEM, 1, chosen.target(), (bytes, total) -> {}));
  }

  static String stack() {
    return STACK.name();
  }

  void strike(FakePostgresPair pair) {
    switch (this) {
      case PRIMARY_DOWN, PRIMARY_HUNG -> pair.platform().hang(FIRST);
      case PRIMARY_VOLUME_LOST -> pair.lose(FIRST);
      case PRIMARY_DAMAGED -> pair.damage(FIRST);
      case REPLICA_DOWN -> pair.platform().hang(SECOND);
      case REPLICA_VOLUME_LOST -> pair.lose(SECOND);
      case REPLICA_DAMAGED -> pair.damage(SECOND);
      case STORE_VOLUMES_LOST -> {
        pair.lose(FIRST);
        pair.lose(SECOND);
      }
      case STORE_DAMAGED, STORE_DAMAGED_AND_DUMPED -> {
        pair.damage(FIRST);
        pair.damage(SECOND);
      }
      case DATA_CORRUPTED,
          DATA_CORRUPTED_IN_PLACE,
          DATA_CORRUPTED_FOR_GOOD,
          PAGES_RUINED_IN_PLACE ->
          pair.corrupt(FIRST);
    }
  }

  /// The plan, made for what was found.
  Plan plan(Situation found) {
    Datastore datastore = STACK.datastores().values().iterator().next();
    PostgresPlans plans =
        new PostgresPlans(
            STACK,
            datastore,
            found,
            new PostgresPlans.Forecast(
                Duration.ofSeconds(9),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                "3 s",
                Map.of()));
    return switch (this) {
      case PRIMARY_DOWN -> plans.primaryDown(FIRST);
      case PRIMARY_VOLUME_LOST, PRIMARY_DAMAGED, PRIMARY_HUNG -> plans.primaryLost(List.of(FIRST));
      case REPLICA_DOWN -> plans.replicasDown(FIRST, List.of(SECOND));
      case REPLICA_VOLUME_LOST, REPLICA_DAMAGED ->
          plans.replicasLost("replica-lost", FIRST, List.of(SECOND), List.of());
      case STORE_VOLUMES_LOST, STORE_DAMAGED -> plans.storeLost(List.of(FIRST, SECOND));
      case DATA_CORRUPTED, DATA_CORRUPTED_IN_PLACE, DATA_CORRUPTED_FOR_GOOD ->
          plans.dataCorrupted(List.of(FIRST, SECOND), Optional.of(FIRST), TARGET, ground());
      case PAGES_RUINED_IN_PLACE -> plans.storeLost(List.of(FIRST, SECOND), ground());
      case STORE_DAMAGED_AND_DUMPED ->
          plans.storeLostWithDump(List.of(FIRST, SECOND), datastore.dumps().orElseThrow(), DUMP);
    };
  }

  /// Upon what a restore of the first member works.
  RestoreGround ground() {
    return switch (this) {
      case DATA_CORRUPTED_IN_PLACE, PAGES_RUINED_IN_PLACE -> RestoreGround.IN_PLACE;
      case DATA_CORRUPTED_FOR_GOOD -> RestoreGround.IN_PLACE_NO_WAY_BACK;
      case PRIMARY_DOWN,
          PRIMARY_VOLUME_LOST,
          PRIMARY_DAMAGED,
          PRIMARY_HUNG,
          REPLICA_DOWN,
          REPLICA_VOLUME_LOST,
          REPLICA_DAMAGED,
          STORE_VOLUMES_LOST,
          STORE_DAMAGED,
          STORE_DAMAGED_AND_DUMPED,
          DATA_CORRUPTED ->
          RestoreGround.FRESH;
    };
  }

  /// Whether the database is brought back to a moment on purpose.
  private boolean goesBack() {
    return plan(new Situation.AllWell(FIRST)).scenario().equals("data-corrupted");
  }

  /// The primary in the end.
  MemberId primary() {
    return switch (this) {
      case PRIMARY_VOLUME_LOST, PRIMARY_DAMAGED, PRIMARY_HUNG -> SECOND;
      case PRIMARY_DOWN,
          REPLICA_DOWN,
          REPLICA_VOLUME_LOST,
          REPLICA_DAMAGED,
          STORE_VOLUMES_LOST,
          STORE_DAMAGED,
          DATA_CORRUPTED,
          DATA_CORRUPTED_IN_PLACE,
          DATA_CORRUPTED_FOR_GOOD,
          PAGES_RUINED_IN_PLACE,
          STORE_DAMAGED_AND_DUMPED ->
          FIRST;
    };
  }

  /// The primary's timeline in the end: another one where it was promoted or restored.
  String timeline() {
    return switch (this) {
      case PRIMARY_VOLUME_LOST,
          PRIMARY_DAMAGED,
          PRIMARY_HUNG,
          STORE_VOLUMES_LOST,
          STORE_DAMAGED,
          DATA_CORRUPTED,
          DATA_CORRUPTED_IN_PLACE,
          DATA_CORRUPTED_FOR_GOOD,
          PAGES_RUINED_IN_PLACE ->
          "2";
      case PRIMARY_DOWN,
          REPLICA_DOWN,
          REPLICA_VOLUME_LOST,
          REPLICA_DAMAGED,
          STORE_DAMAGED_AND_DUMPED ->
          "1";
    };
  }

  /// How far the primary's data has to reach in the end.
  Lsn least() {
    return goesBack() ? FakeWalInVault.TARGET : FakeWalInVault.FIRST_END;
  }

  /// How far it may reach at most, where it was brought back to a moment on purpose.
  Optional<Lsn> most() {
    return goesBack() ? Optional.of(FakeWalInVault.after(FakeWalInVault.TARGET)) : Optional.empty();
  }
}
