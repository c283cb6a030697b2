package dev.chrysalis.recovery.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableRestoresTest {
  @Test
  void asksForOneTableOrForAKeyspace() {
    assertThat(
            TableRestores.task(
                new TableRestores.Wanted(
                    "shop.orders", Optional.of("shop_before"), Optional.of("nightly"), true)))
        .containsExactly(
            "cassandra",
            "load",
            "--table",
            "shop.orders",
            "--into",
            "shop_before",
            "--backup",
            "nightly",
            "--again");
    assertThat(
            TableRestores.task(
                new TableRestores.Wanted("shop", Optional.empty(), Optional.empty(), false)))
        .containsExactly("cassandra", "load", "--keyspace", "shop");
  }
}
