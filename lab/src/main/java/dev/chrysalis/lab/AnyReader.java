package dev.chrysalis.lab;

import dev.chrysalis.lab.ledger.Item;
import dev.chrysalis.lab.ledger.ItemReader;
import dev.chrysalis.model.ChrysalisException;
import java.util.List;

/// Reads each page through the first replica that answers; the last one's error where none does.
record AnyReader(List<? extends ItemReader> replicas) implements ItemReader {
  AnyReader {
    replicas = List.copyOf(replicas);
  }

  @Override
  public List<Item> page(long after) {
    for (ItemReader replica : replicas.subList(0, replicas.size() - 1)) {
      try {
        return replica.page(after);
      } catch (ChrysalisException e) {
        if (e.code().equals(LabErrors.INTERRUPTED)) {
          throw e;
        }
      }
    }
    return replicas.getLast().page(after);
  }
}
