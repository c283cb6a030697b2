package dev.chrysalis.model.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class StackFileTest {
  private static final String GOOD =
      """
      version: 1
      stack: butterfly
      platform:
        kind: process
        directory: /srv/lab/platform
      vault:
        location: file:///srv/lab/vault
        passphraseFile: /srv/lab/secrets/vault
      objectives:
        recoveryPoint: 1h
        database: 1h30m
      services:
        perception:
          needs: [postgres]
          samples:
            - method: POST
              path: /api/rims
              body: '{"id":${id}}'
              status: 201
      datastores:
        postgres:
          kind: postgresql
          clients:
            - service: perception
              variable: POSTGRES_HOST
          backup:
            every: 7d
      """;

  @Test
  void readsAWholeStackWithItsDefaults() {
    Stack stack = StackFile.parse("stack.yaml", GOOD);

    assertThat(stack.name()).isEqualTo("butterfly");
    assertThat(stack.objectives().database()).isEqualTo(Duration.ofMinutes(90));
    assertThat(stack.objectives().region()).isEqualTo(Duration.ofHours(4));
    assertThat(stack.asides().keep()).isEqualTo(Duration.ofDays(7));
    assertThat(stack.services().get("perception").samples()).hasSize(1);
    assertThat(stack.datastores().get("postgres").backup().every()).isEqualTo(Duration.ofDays(7));
    assertThat(stack.dependentsOf("postgres"))
        .extracting(Service::name)
        .containsExactly("perception");
    assertThat(stack.platform())
        .isEqualTo(new PlatformReference.Processes(Path.of("/srv/lab/platform")));
  }

  @Test
  void readsWhereACopyOfTheVaultIsKept() {
    assertThat(StackFile.parse("stack.yaml", GOOD).vault().copy()).isEmpty();
    String text =
        GOOD.replace("objectives:", "  copy: {location: 's3://elsewhere/vault'}\nobjectives:");
    assertThat(StackFile.parse("stack.yaml", text).vault().copy())
        .contains(new CopyPolicy("s3://elsewhere/vault", Duration.ofHours(1)));
  }

  @Test
  void readsWhereTheCopyOfThePassphraseIs() {
    assertThat(StackFile.parse("stack.yaml", GOOD).vault().escrow()).isEmpty();
    String text = GOOD.replace("objectives:", "  escrowFile: /mnt/safe/vault\nobjectives:");
    assertThat(StackFile.parse("stack.yaml", text).vault().escrow())
        .contains(Path.of("/mnt/safe/vault"));
  }

  @Test
  void readsHowLongAsidesAreKept() {
    Stack stack = StackFile.parse("stack.yaml", GOOD + "asides:\n  keep: 36h\n");

    assertThat(stack.asides().keep()).isEqualTo(Duration.ofHours(36));
  }

  @Test
  void keepsAllSnapshotsUnlessAPolicyStandsThere() {
    assertThat(backup(GOOD).keep()).isEmpty();
    assertThat(backup(GOOD + "      keep: {daily: 30, within: 14d}\n").keep())
        .contains(new KeepPolicy(24, 30, 5, 12, Duration.ofDays(14)));
    assertThat(backup(GOOD + "      keep: {}\n").keep()).contains(KeepPolicy.DEFAULTS);
  }

  @Test
  void refusesAPolicyThatItDoesNotUnderstand() {
    refuses(
        GOOD + "      keep: {yearly: 3}\n",
        "datastores.postgres.backup.keep.yearly is no key here");
    refuses(GOOD + "      keep: {daily: -1}\n", "must be a whole number from 0");
    refuses(GOOD + "      keep: {within: forever}\n", "is not a duration");
  }

  @Test
  void provesNothingBySchedulesUnlessAPolicyStandsThere() {
    assertThat(backup(GOOD).prove()).isEmpty();
    assertThat(backup(GOOD + "      prove: {restored: 14d}\n").prove())
        .contains(new ProofPolicy(Duration.ofDays(1), Duration.ofDays(14), List.of()));
    assertThat(
            backup(
                    GOOD
                        + "      prove:\n        queries:\n          - name: rims\n"
                        + "            database: perception\n"
                        + "            sql: SELECT count(*) > 0 FROM rim\n")
                .prove()
                .orElseThrow()
                .queries())
        .containsExactly(new ProofQuery("rims", "perception", "SELECT count(*) > 0 FROM rim"));
  }

  @Test
  void refusesAProofThatCouldChangeSomethingOrIsNeverTooOld() {
    refuses(
        GOOD
            + "      prove:\n        queries:\n          - {name: a, database: b, sql: DROP TABLE rim}\n",
        "queries[0].sql must be one SELECT");
    refuses(GOOD + "      prove: {verified: 0s}\n", "verified is not a duration");
  }

  private static Datastore.BackupPolicy backup(String text) {
    Datastore store = StackFile.parse("stack.yaml", text).datastores().get("postgres");
    return java.util.Objects.requireNonNull(store).backup();
  }

  @Test
  void readsRedisAndItsSentinels() {
    Stack stack =
        StackFile.parse(
            "stack.yaml",
            GOOD
                + """
                  redis:
                    kind: redis
                    sentinel:
                      workload: watchers
                      master: sessions
                """);

    Datastore redis = java.util.Objects.requireNonNull(stack.datastores().get("redis"));
    assertThat(redis.port()).isEqualTo(6379);
    assertThat(redis.kind())
        .isEqualTo(
            new Datastore.Kind.Redis(
                new Datastore.Kind.Sentinels("watchers", 26379, "sessions"), null));
  }

  @Test
  void readsCassandraAndTheSyncPeriodOfItsNodes() {
    Stack stack = StackFile.parse("stack.yaml", GOOD + "  ring:\n    kind: cassandra\n");
    Stack told =
        StackFile.parse(
            "stack.yaml",
            GOOD + "  ring:\n    kind: cassandra\n    syncPeriod: 1s\n    compareWithin: never\n");

    Datastore ring = java.util.Objects.requireNonNull(stack.datastores().get("ring"));
    assertThat(ring.port()).isEqualTo(9042);
    assertThat(ring.kind())
        .isEqualTo(new Datastore.Kind.Cassandra(Duration.ofSeconds(10), Duration.ofMinutes(10)));
    assertThat(java.util.Objects.requireNonNull(told.datastores().get("ring")).kind())
        .isEqualTo(new Datastore.Kind.Cassandra(Duration.ofSeconds(1), Duration.ZERO));
  }

  @Test
  void refusesWhatDoesNotGoWithAKindOfDatastore() {
    refuses(
        GOOD + "  ring:\n    kind: cassandra\n    clients: []\n",
        "datastores.ring.clients is not for Cassandra");
    String redis = GOOD + "  redis:\n    kind: redis\n";
    refuses(
        GOOD.replace("kind: postgresql", "kind: mysql"),
        "must be 'cassandra', 'postgresql' or 'redis'");
    refuses(redis + "    sentinel: {master: 'a b'}\n", "sentinel.master must be letters");
    refuses(redis + "    backup:\n      prove:\n        queries: []\n", "prove.queries is no key");
    refuses(GOOD + "    sentinel: {}\n", "datastores.postgres.sentinel is no key");
  }

  @Test
  void refusesAnUnknownKeyAndNamesItsLine() {
    refuses(
        GOOD.replace("needs:", "need:"), "stack.yaml line 14: services.perception.need is no key");
  }

  @Test
  void refusesABadDurationAndNamesItsLine() {
    refuses(
        GOOD.replace("7d", "weekly"),
        "line 27: datastores.postgres.backup.every is not a duration");
  }

  @Test
  void refusesANameThatLeadsNowhere() {
    refuses(
        GOOD.replace("[postgres]", "[redis]"), "line 14: services.perception.needs names 'redis'");
  }

  @Test
  void refusesNeedsThatGoInACircle() {
    refuses(GOOD.replace("[postgres]", "[perception]"), "lead back to itself");
  }

  @Test
  void refusesAMissingKey() {
    refuses(
        GOOD.replace("  location: file:///srv/lab/vault\n", ""),
        "line 6: vault lacks the key 'location'");
  }

  @Test
  void refusesARelativePath() {
    refuses(
        GOOD.replace("/srv/lab/platform", "platform"),
        "line 5: platform.directory must be an absolute");
  }

  @Test
  void refusesTheSameKeyTwice() {
    refuses(GOOD + "version: 1\n", "Duplicate field 'version'");
  }

  @Test
  void refusesWhatIsNoYaml() {
    refuses("stack: [", "stack.yaml line");
  }

  private static void refuses(String text, String message) {
    assertThatThrownBy(() -> StackFile.parse("stack.yaml", text))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining(message)
        .asInstanceOf(InstanceOfAssertFactories.type(ChrysalisException.class))
        .satisfies(e -> assertThat(e.hint()).isNotEmpty());
  }
}
