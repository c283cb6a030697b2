package dev.chrysalis.lab;

import dev.chrysalis.lab.ledger.Item;
import dev.chrysalis.lab.ledger.ItemReader;
import dev.chrysalis.lab.ledger.ItemWriter;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Services that take a load in turn: each id belongs to one of them, and is written to none other.
///
/// @param <M> a member of a service
/// @param services the members of each; at least one
record Spread<M extends ItemReader & ItemWriter>(List<List<M>> services) implements ItemReader {
  Spread {
    services = services.stream().map(List::copyOf).toList();
  }

  /// As many as the largest of the services has members: each writes through one of the id's.
  List<ItemWriter> writers() {
    int most = services.stream().mapToInt(List::size).max().orElseThrow();
    return IntStream.range(0, most).mapToObj(this::writer).toList();
  }

  private ItemWriter writer(int turn) {
    return (id, value) -> {
      List<M> members = services.get(owner(id));
      // The one that is asked first changes from write to write.
      long first = id / services.size();
      return members.get((int) ((first + turn) % members.size())).write(id, value);
    };
  }

  private int owner(long id) {
    return (int) (id % services.size());
  }

  /// Where one's page ends early nothing is known of what comes behind that: it is asked for again.
  @Override
  public List<Item> page(long after) {
    TreeMap<Long, Item> all = new TreeMap<>();
    long known = Long.MAX_VALUE;
    for (int n = 0; n < services.size(); n++) {
      List<Item> page = new AnyReader(services.get(n)).page(after);
      for (Item item : page) {
        if (owner(item.id()) == n) {
          all.put(item.id(), item);
        } else {
          all.putIfAbsent(item.id(), item);
        }
      }
      known = page.isEmpty() ? known : Math.min(known, page.getLast().id());
    }
    return List.copyOf(all.headMap(known, true).values());
  }
}
