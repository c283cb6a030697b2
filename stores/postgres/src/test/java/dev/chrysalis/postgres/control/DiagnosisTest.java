package dev.chrysalis.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is seen of two members, and what it adds up to.
class DiagnosisTest {
  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "primary,        streaming,      all-well",
    "primary,        astray,         replication-broken",
    "primary,        standby-down,   replica-down",
    "primary,        gone,           replica-lost",
    "primary,        empty,          replica-lost",
    "primary,        damaged,        replica-lost",
    "primary,        primary-down,   replica-lost",
    "primary,        silent,         unclear",
    "primary,        primary,        split-brain",
    "primary-down,   astray,         primary-down",
    "primary-down,   standby-down,   primary-down",
    "primary-down,   gone,           primary-down",
    "primary-down,   primary-down,   unclear",
    "gone,           astray,         primary-lost",
    "gone,           standby-down,   primary-lost",
    "damaged,        astray,         primary-lost",
    "gone,           gone,           store-lost",
    "empty,          damaged,        store-lost",
    "silent,         astray,         unclear",
    "silent,         gone,           unclear",
    "astray,         standby-down,   unclear",
  })
  void addsUp(String first, String second, String scenario) {
    List<MemberView> views = List.of(view(0, first), view(1, second));

    assertThat(Diagnosis.of(views).scenario()).isEqualTo(scenario);
    assertThat(Diagnosis.of(views.reversed()).scenario()).isEqualTo(scenario);
  }

  private static MemberView view(int ordinal, String seen) {
    boolean gone = seen.equals("gone");
    Member member =
        new Member(
            new MemberId("postgres", ordinal),
            "127.1.1." + ordinal,
            gone ? Member.Phase.STOPPED : Member.Phase.RUNNING,
            !gone,
            0,
            1,
            Instant.EPOCH,
            "");
    Volume volume =
        new Volume(gone ? Volume.State.MISSING : Volume.State.PRESENT, seen.equals("empty"), 1, 1);
    return new MemberView(member, volume, status(seen));
  }

  private static Map<String, String> status(String seen) {
    return switch (seen) {
      case "primary" -> Map.of("server", "up", "role", "primary");
      case "streaming" ->
          Map.of(
              "server", "up",
              "role", "standby",
              "receiver.status", "streaming");
      case "astray" -> Map.of("server", "up", "role", "standby");
      case "standby-down" -> Map.of("data", "initialised", "data.standbySignal", "true");
      case "primary-down" -> Map.of("data", "initialised");
      case "damaged" -> Map.of("data", "damaged");
      case "empty", "gone" -> Map.of("data", "empty");
      case "silent" -> Map.of();
      default -> throw new IllegalArgumentException(seen);
    };
  }
}
