package dev.chrysalis.recovery.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.recovery.cassandra.TableRestores.AsOf;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableRestoresTest {
  @Test
  void asksForOneTableOrForAKeyspace() {
    assertThat(task("shop.orders", Optional.of("shop_before"), new AsOf.Backup("nightly"), true))
        .isEqualTo(
            "cassandra load --table shop.orders --into shop_before --backup nightly --again");
    assertThat(task("shop", Optional.empty(), new AsOf.Newest(), false))
        .isEqualTo("cassandra load --keyspace shop");
  }

  @Test
  void asksForAMomentThatMayHaveBeenSyncedLater() {
    Instant moment = Instant.parse("2026-11-27T02:15:30.25Z");

    assertThat(task("shop.orders", Optional.empty(), new AsOf.Moment(moment), false))
        .isEqualTo(
            "cassandra load --table shop.orders --to 2026-11-27T02:15:30.250Z --sync-period 10");
  }

  private static String task(String tables, Optional<String> keyspace, AsOf as, boolean again) {
    return String.join(
        " ",
        TableRestores.task(
            new TableRestores.Wanted(tables, keyspace, as, again), Duration.ofSeconds(10)));
  }
}
