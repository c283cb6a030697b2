package dev.chrysalis.recovery.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.redis.control.MemberView;
import dev.chrysalis.redis.control.Past;
import dev.chrysalis.redis.control.RedisState;
import dev.chrysalis.redis.control.RestorePoints;
import dev.chrysalis.redis.control.Situation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is promised of a server that writes no append-only file, and that it is told.
class WithoutAppendOnlyFileTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final MemberId MEMBER = new MemberId("redis", 0);
  private static final Datastore STORE =
      StackFile.parse(
              "stack.yaml",
              """
              version: 1
              stack: butterfly
              platform: {kind: process, directory: /srv/platform}
              vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
              datastores:
                redis: {kind: redis, backup: {every: 1h, logWithin: 10s}}
              """)
          .datastores()
          .values()
          .iterator()
          .next();

  @Test
  void isAFinding() {
    assertThat(findings("on")).isEmpty();
    assertThat(findings("off"))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.kind()).isEqualTo("append-only-off");
          assertThat(f.severity()).isEqualTo(Finding.Severity.WARNING);
          assertThat(f.text()).startsWith("redis-0 writes no append-only file");
        });
  }

  @Test
  void makesThePromiseThatOfTheBases() {
    assertThat(faults(true, Duration.ofMinutes(5)))
        .singleElement()
        .asString()
        .contains("5 min old, the policy is 10.0 s");
    assertThat(faults(false, Duration.ofMinutes(5))).isEmpty();
    assertThat(faults(false, Duration.ofMinutes(61))).isNotEmpty();
  }

  private static List<Finding> findings(String appendOnly) {
    MemberView view =
        new MemberView(
            new Member(MEMBER, "127.0.0.1", Member.Phase.RUNNING, true, 0, 1, NOON, ""),
            new Volume(Volume.State.PRESENT, false, 1, 1),
            Map.of("server", "up", "role", "master", "keys", "3", "aof", appendOnly));
    return new RedisStoreState(
            new Situation.AllWell(MEMBER), new RedisState(List.of(view), List.of()))
        .findings("redis");
  }

  private static List<String> faults(boolean appendOnly, Duration passed) {
    Clock then = Clock.fixed(NOON.plus(passed), ZoneOffset.UTC);
    return new RedisProtection(STORE, new Held(appendOnly), then).protection().faults();
  }

  /// One base, of noon.
  private record Held(boolean appendOnly) implements RestorePoints {
    @Override
    public List<Point> all() {
      return List.of(
          new Point("20261126t120000z-aaaaaa", MEMBER, "7.0.15", NOON, NOON, appendOnly, 3, 9, 0));
    }

    @Override
    public Optional<Point> newest() {
      return all().stream().findFirst();
    }

    @Override
    public Optional<Instant> recoveryPoint() {
      return Optional.of(NOON);
    }

    @Override
    public Optional<Instant> recoveryPoint(MemberId member) {
      return recoveryPoint();
    }

    @Override
    public Past past() {
      return Past.UNKNOWN;
    }

    @Override
    public void accept(Instant at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Chosen choose(Optional<Instant> to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Chosen ofSnapshot(String snapshot) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> newestSnapshot() {
      throw new UnsupportedOperationException();
    }
  }
}
