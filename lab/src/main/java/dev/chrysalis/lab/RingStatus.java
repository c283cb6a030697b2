package dev.chrysalis.lab;

import dev.chrysalis.platform.Member;
import java.util.List;

/// A lab's ring of Cassandra as it is now.
///
/// @param ready how many nodes take clients
/// @param nodes how many the lab starts with
public record RingStatus(int ready, int nodes) {
  static RingStatus of(List<Member> members) {
    return new RingStatus(
        (int) members.stream().filter(Member::ready).count(), LabAddresses.CASSANDRA_NODES);
  }

  /// Whether every node takes clients.
  public boolean whole() {
    return ready >= nodes;
  }
}
