package dev.chrysalis.postgres.control;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.PostgresErrors;
import java.util.Map;

/// What lies in a member's volume, looked at before a restore in place goes over it. The agent asks
/// the same once more when it begins.
///
/// @param status the agent's answer (`MemberStatus`)
public record StandingCluster(MemberId member, Map<String, String> status) {
  private static final String LEAVE_IT_OUT =
      "nothing was touched; leave --in-place out: then it is restored into fresh storage";

  public StandingCluster {
    status = Map.copyOf(status);
  }

  /// Refuses where a snapshot cannot be restored over it: `NOT_A_DATA_DIRECTORY`, `NOT_EMPTY` (what
  /// another restore left half done), `OTHER_CLUSTER`; `UNREACHABLE` where no agent answers.
  public void require(WalInVault.Chosen point) {
    String data = status.getOrDefault("data", "");
    switch (data) {
      case "initialised" -> {}
      case "" ->
          throw new ChrysalisException(
              PostgresErrors.UNREACHABLE,
              "the agent of %s does not say what lies in its volume: %s"
                  .formatted(member, status.getOrDefault("agent.error", "no answer")),
              "nothing was touched; see that it runs: chrysalis check");
      case "half-restored" -> throw halfRestored();
      default -> throw nothingToKeep(data);
    }
    requireSame("cluster", "data.systemIdentifier", point.systemIdentifier());
    requireSame("PostgreSQL", "data.majorVersion", "" + point.majorVersion());
  }

  private void requireSame(String what, String key, String wanted) {
    String there = status.getOrDefault(key, "");
    if (!wanted.equals(there)) {
      throw new ChrysalisException(
          PostgresErrors.OTHER_CLUSTER,
          "%s holds %s %s, the snapshot is of %s %s".formatted(member, what, there, what, wanted),
          LEAVE_IT_OUT);
    }
  }

  private ChrysalisException nothingToKeep(String data) {
    String why = status.getOrDefault("data.why", "");
    return new ChrysalisException(
        PostgresErrors.NOT_A_DATA_DIRECTORY,
        "%s holds no cluster that a restore could go over: its data directory is %s%s"
            .formatted(member, data, why.isEmpty() ? "" : " (" + why + ")"),
        LEAVE_IT_OUT);
  }

  private ChrysalisException halfRestored() {
    String by = status.getOrDefault("data.restoredBy", "");
    return new ChrysalisException(
        PostgresErrors.NOT_EMPTY,
        "%s is half restored by job %s".formatted(member, by),
        "resume or abort the run of that job, or leave --in-place out: then what is there is set"
            + " aside");
  }
}
