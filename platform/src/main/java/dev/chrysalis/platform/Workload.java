package dev.chrysalis.platform;

import java.util.List;
import java.util.Map;

/// A workload as observed.
///
/// @param replicas how many members are wanted
/// @param revision the current revision
/// @param revisions all revisions that can be rolled back to, oldest first, the current one last
/// @param proven those of them with which a member has been ready, oldest first
/// @param environment the environment that the current revision gives its containers; names of
///   secrets' files may be in it, secrets are not
public record Workload(
    String name,
    Kind kind,
    int replicas,
    int revision,
    List<Integer> revisions,
    List<Integer> proven,
    Map<String, String> environment,
    List<Member> members) {
  public Workload {
    revisions = List.copyOf(revisions);
    proven = List.copyOf(proven);
    environment = Map.copyOf(environment);
    members = List.copyOf(members);
  }

  /// Whether all wanted members are there, of the current revision, and ready.
  public boolean settled() {
    return members.stream().filter(Member::ready).filter(m -> m.revision() == revision).count()
        == replicas;
  }

  /// What sort of workload it is, which decides how others must address it.
  public enum Kind {
    DEPLOYMENT,
    STATEFUL_SET
  }
}
