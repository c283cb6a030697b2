package dev.chrysalis.cassandra.control;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import java.util.Set;

/// What the vault knows of a ring from before.
///
/// @param hostIds of all nodes that the ring ever had; empty where that is not known
/// @param damaged the members whose newest snapshot has SSTables that are not what the server wrote
public record Past(Set<String> hostIds, Set<MemberId> damaged) {
  /// Nothing.
  public static final Past UNKNOWN = new Past(Set.of(), Set.of());

  public Past {
    hostIds = Set.copyOf(hostIds);
    damaged = Set.copyOf(damaged);
  }

  /// The same for who waits until the vault answers. What is damaged there hides nothing of the
  /// ring.
  static Past needed(RestorePoints vault) {
    try {
      return new Past(vault.hostIds(), vault.damaged());
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.VAULT) {
        throw e;
      }
      return UNKNOWN;
    }
  }

  /// What is broken must be told, and nodes brought back, also while the vault is away.
  public static Past of(RestorePoints vault) {
    try {
      return needed(vault);
    } catch (ChrysalisException e) {
      return UNKNOWN;
    }
  }
}
