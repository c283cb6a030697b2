package dev.chrysalis.lab.ledger;

import java.util.List;

/// Reads what is really there.
@FunctionalInterface
public interface ItemReader {
  /// Items in the order of their ids, from the first one above `after`; none at the end.
  List<Item> page(long after);
}
