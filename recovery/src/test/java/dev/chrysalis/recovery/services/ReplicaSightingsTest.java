package dev.chrysalis.recovery.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.Token;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.UnreadableVault;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import dev.chrysalis.recovery.services.KnownReplicas.Declared;
import dev.chrysalis.recovery.services.KnownReplicas.Seen;
import dev.chrysalis.recovery.services.KnownReplicas.Unknown;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is remembered of how many members services have, and what comes of it.
class ReplicaSightingsTest {
  private static final Instant BEGIN = Instant.parse("2026-11-26T06:00:00Z");
  private static final Token TOKEN = new Token(1);
  private static final MemberId FIRST = new MemberId("web", 0);

  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services:
            perception: {workload: web, port: 1}
            capsule: {port: 1, replicas: 2}
          datastores:
            postgres: {kind: postgresql}
          """);

  private Instant now = BEGIN;
  private final InMemoryRecordStore vault = new InMemoryRecordStore();
  private final ReplicaRecords records = new ReplicaRecords(vault, "butterfly");
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC())
          .with("web", Workload.Kind.DEPLOYMENT, 3, 5, false)
          .with("capsule", Workload.Kind.DEPLOYMENT, 1, 2, false);
  private final ReplicaSightings sightings = sightings();
  private final ServiceClient client = new ServiceClient();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void remembersHowManyRanWhileAllWereReady() {
    assertThat(records.newest("perception")).isEmpty();

    sightings.look();

    assertThat(records.newest("perception")).contains(new Seen(3, BEGIN));
    assertThat(vault.keys("replicas/butterfly/perception/"))
        .containsExactly("replicas/butterfly/perception/20261126t060000z");
  }

  @Test
  void doesNotCountAServiceOfWhichAMemberIsNotReady() {
    platform.hang(FIRST);

    sightings.look();

    assertThat(records.newest("perception")).isEmpty();
    assertThat(records.newest("capsule")).contains(new Seen(1, BEGIN));
  }

  @Test
  void neverCountsNone() {
    sightings.look();
    platform.scale(TOKEN, "web", 0);
    later(Duration.ofDays(2));

    sightings.look();

    assertThat(records.newest("perception")).contains(new Seen(3, BEGIN));
  }

  @Test
  void writesAgainOnlyWhatChangedOrIsADayOld() {
    sightings.look();
    later(Duration.ofHours(23));
    sightings.look();
    assertThat(vault.keys("replicas/butterfly/perception/")).hasSize(1);

    platform.scale(TOKEN, "web", 5);
    sightings.look();
    assertThat(records.newest("perception")).contains(new Seen(5, now));

    later(Duration.ofDays(1));
    sightings.look();
    assertThat(records.newest("perception")).contains(new Seen(5, now));
    assertThat(vault.keys("replicas/butterfly/perception/")).hasSize(3);
  }

  @Test
  void doesNotRememberANumberThatSomebodyOnlyPassesThrough() {
    sightings.lookAgain();
    assertThat(records.newest("perception")).isEmpty();
    sightings.lookAgain();
    assertThat(records.newest("perception")).contains(new Seen(3, BEGIN));

    later(Duration.ofMinutes(5));
    platform.scale(TOKEN, "web", 1);
    sightings.lookAgain();
    platform.scale(TOKEN, "web", 0);
    sightings.lookAgain();

    assertThat(records.newest("perception")).contains(new Seen(3, BEGIN));
  }

  @Test
  void keepsTheFirstOfTwoOfOneSecond() {
    records.keep("perception", new Seen(3, BEGIN));
    records.keep("perception", new Seen(4, BEGIN.plusMillis(900)));

    assertThat(records.newest("perception")).contains(new Seen(3, BEGIN));
  }

  @Test
  void passesOverRecordsThatItCannotRead() {
    records.keep("perception", new Seen(3, BEGIN));
    put("20261126t070000z", "three of them");
    put("20261126t080000z", "{}");
    put("20261126t090000z", "{\"replicas\":0}");

    assertThat(records.newest("perception")).contains(new Seen(3, BEGIN));
  }

  @Test
  void letsGoOfOldOnesOfEachServiceAndKeepsTheNewest() {
    for (int i = 0; i < 6; i++) {
      records.keep("perception", new Seen(3, BEGIN.plus(Duration.ofDays(i))));
    }
    records.keep("capsule", new Seen(1, BEGIN));
    new ReplicaRecords(vault, "another").keep("perception", new Seen(9, BEGIN));

    assertThat(records.spent())
        .containsExactly(
            "replicas/butterfly/perception/20261126t060000z",
            "replicas/butterfly/perception/20261127t060000z");
  }

  @Test
  void findsWhatWasSeenWhereNoneAreDeclared() {
    sightings.look();
    platform.scale(TOKEN, "web", 0);
    platform.scale(TOKEN, "capsule", 0);

    assertThat(found(vault, "perception")).isEqualTo(new ServiceState.ScaledAway(seen(3)));
    assertThat(found(vault, "capsule"))
        .as("declared goes before seen")
        .isEqualTo(new ServiceState.ScaledAway(new Declared(2)));
  }

  @Test
  void findsTheSameWithoutAVaultAndDoesNotKnowHowMany() {
    sightings.look();
    platform.scale(TOKEN, "web", 0);

    assertThat(found(away(Category.CONFIGURATION), "perception"))
        .isEqualTo(new ServiceState.ScaledAway(new Unknown()));
  }

  @Test
  void doesNotTakeAnInterruptionForAVaultThatIsAway() {
    platform.scale(TOKEN, "web", 0);

    assertThatThrownBy(() -> found(away(Category.INTERRUPTED), "perception"))
        .isInstanceOf(ChrysalisException.class);
  }

  private ServiceState found(RecordStore store, String service) {
    ReplicaRecords remembered = new ReplicaRecords(store, "butterfly");
    return new ServiceViews(STACK, platform, client, remembered, Clock.systemUTC())
        .situations(Set.of()).stream()
            .filter(s -> s.service().equals(service))
            .findFirst()
            .orElseThrow()
            .state();
  }

  private static RecordStore away(Category why) {
    return new UnreadableVault(
        new ChrysalisException(new ErrorCode(4007, why), "the vault is away", "mount it"));
  }

  private static Seen seen(int count) {
    return new Seen(count, BEGIN);
  }

  private ReplicaSightings sightings() {
    return new ReplicaSightings(STACK, platform, records, clock());
  }

  private void later(Duration by) {
    now = now.plus(by);
  }

  private void put(String time, String body) {
    String key = "replicas/butterfly/perception/" + time;
    assertThat(vault.create(key, body.getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
  }
}
