package dev.chrysalis.recovery.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.postgres.control.MemberView;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdleSlotsTest {
  @ParameterizedTest
  @CsvSource({
    "chrysalis_postgres_0,         true,  reserved,   999999999",
    "chrysalis_standby_postgres_1, false, reserved,   1000",
    "somebody_elses,               false, lost,       999999999",
  })
  void leavesAloneWhatIsReadOrKeepsLittleOrIsNotOurs(
      String name, boolean active, String wal, long kept) {
    assertThat(IdleSlots.of(primary(name, active, wal, kept))).isEmpty();
  }

  @Test
  void tellsOfASlotThatFillsThePrimarysDisk() {
    assertThat(
            IdleSlots.of(primary("chrysalis_standby_postgres_1", false, "extended", 900_000_000)))
        .extracting(Finding::text)
        .containsExactly(
            "postgres-0: slot chrysalis_standby_postgres_1 is not read and keeps 900 MB of WAL");
  }

  @Test
  void tellsOfASlotThatLostItsWal() {
    assertThat(IdleSlots.of(primary("chrysalis_postgres_0", false, "lost", 0)))
        .extracting(Finding::text)
        .containsExactly(
            "postgres-0: slot chrysalis_postgres_0 is not read and has lost WAL: its reader must be"
                + " rebuilt");
  }

  @Test
  void asksStandbysNothing() {
    MemberView standby = primary("chrysalis_postgres_0", false, "lost", 0);
    Map<String, String> status = new TreeMap<>(standby.status());
    status.put("role", "standby");

    assertThat(IdleSlots.of(new MemberView(standby.observed(), standby.volume(), status)))
        .isEmpty();
  }

  private static MemberView primary(String slot, boolean active, String wal, long kept) {
    Member member =
        new Member(
            new MemberId("postgres", 0),
            "127.1.1.1",
            Member.Phase.RUNNING,
            true,
            0,
            1,
            Instant.EPOCH,
            "");
    return new MemberView(
        member,
        new Volume(Volume.State.PRESENT, false, 1, 1),
        Map.of(
            "server",
            "up",
            "role",
            "primary",
            "slots",
            "1",
            "slot.0.name",
            slot,
            "slot.0.active",
            Boolean.toString(active),
            "slot.0.walStatus",
            wal,
            "slot.0.retainedBytes",
            Long.toString(kept)));
  }
}
