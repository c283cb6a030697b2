package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import org.jspecify.annotations.Nullable;

/// A lab's Redis as it is now.
///
/// @param master who takes writes; null where nobody answers
/// @param replicas how many follow the master and have all its data
/// @param sentinels how many Sentinels watch this master, and know each other and all replicas
public record RedisStatus(@Nullable MemberId master, int replicas, int sentinels) {
  /// Whether all that the lab starts with runs, follows and watches.
  public boolean whole() {
    return master != null
        && replicas >= RedisServers.MEMBERS - 1
        && sentinels >= RedisServers.MEMBERS;
  }
}
