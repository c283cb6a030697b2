package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.lab.ledger.Item;
import dev.chrysalis.lab.ledger.ItemReader;
import dev.chrysalis.lab.ledger.ItemWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// A load on two services that keep their items in one store.
class SpreadTest {
  private final Shelf even = new Shelf();
  private final Shelf odd = new Shelf();
  private final Spread<Shelf> spread = new Spread<>(List.of(List.of(even, even), List.of(odd)));

  @Test
  void writesEachIdToOneServiceWhicheverMemberIsAsked() throws InterruptedException {
    List<ItemWriter> writers = spread.writers();

    assertThat(writers).hasSize(2);
    for (long id = 1; id <= 10; id++) {
      assertThat(writers.get((int) (id / 5 % 2)).write(id, "v" + id)).isTrue();
    }
    assertThat(even.items).containsOnlyKeys(2L, 4L, 6L, 8L, 10L);
    assertThat(odd.items).containsOnlyKeys(1L, 3L, 5L, 7L, 9L);
  }

  @Test
  void readsAllOnceAndInOrderWhateverThePagesAre() {
    for (long id = 1; id <= 20; id++) {
      (id % 2 == 0 ? even : odd).items.put(id, "v" + id);
    }
    odd.items.tailMap(7L).clear();
    even.items.put(5L, "of nobody");
    odd.items.put(Long.MAX_VALUE, "first");
    even.items.put(Long.MAX_VALUE, "first");

    List<Item> read = new ArrayList<>();
    long after = 0;
    for (List<Item> page = spread.page(after); !page.isEmpty(); page = spread.page(after)) {
      read.addAll(page);
      after = page.getLast().id();
    }

    assertThat(read)
        .extracting(Item::id)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 8L, 10L, 12L, 14L, 16L, 18L, 20L, Long.MAX_VALUE);
    assertThat(read).contains(new Item(5, "v5"));
  }

  /// Small pages.
  private static final class Shelf implements ItemReader, ItemWriter {
    private final TreeMap<Long, String> items = new TreeMap<>();

    @Override
    public boolean write(long id, String value) {
      return items.put(id, value) == null;
    }

    @Override
    public List<Item> page(long after) {
      return items.tailMap(after, false).entrySet().stream()
          .limit(3)
          .map(e -> new Item(e.getKey(), e.getValue()))
          .toList();
    }
  }
}
