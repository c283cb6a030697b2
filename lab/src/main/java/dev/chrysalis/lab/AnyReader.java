package dev.chrysalis.lab;

import dev.chrysalis.lab.ledger.PerceptionClient;
import dev.chrysalis.lab.ledger.Rim;
import dev.chrysalis.lab.ledger.RimReader;
import dev.chrysalis.model.ChrysalisException;
import java.util.List;

/// Reads each page through the first replica that answers; the last one's error where none does.
record AnyReader(List<PerceptionClient> replicas) implements RimReader {
  AnyReader {
    replicas = List.copyOf(replicas);
  }

  @Override
  public List<Rim> page(long after) {
    for (PerceptionClient replica : replicas.subList(0, replicas.size() - 1)) {
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
