package dev.chrysalis.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.RestoreGoal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A restore in place goes over the same cluster of the same version, or over nothing.
final class StandingClusterTest {
  private static final WalInVault.Chosen POINT =
      new FakeWalInVault().choose(new RestoreGoal.Latest(), Optional.empty(), (bytes, total) -> {});

  private static void require(Map<String, String> status) {
    new StandingCluster(new MemberId("postgres", 0), status).require(POINT);
  }

  private static Map<String, String> cluster(String system, String major) {
    return Map.of(
        "data", "initialised", "data.systemIdentifier", system, "data.majorVersion", major);
  }

  private static void refused(Map<String, String> status, ErrorCode code, String... words) {
    assertThatThrownBy(() -> require(status))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage() + " " + e.hint()).contains(words);
            });
  }

  @Test
  void takesTheClusterOfTheSnapshot() {
    assertThatCode(() -> require(cluster(FakeWalInVault.SYSTEM, "17"))).doesNotThrowAnyException();
  }

  @Test
  void refusesAnotherClusterAndAnotherVersion() {
    refused(cluster("7", "17"), PostgresErrors.OTHER_CLUSTER, "holds cluster 7", "--in-place");
    refused(
        cluster(FakeWalInVault.SYSTEM, "16"),
        PostgresErrors.OTHER_CLUSTER,
        "holds PostgreSQL 16, the snapshot is of PostgreSQL 17");
  }

  @Test
  void saysToLeaveInPlaceOutWhereThereIsNothingToKeep() {
    refused(
        Map.of("data", "empty"),
        PostgresErrors.NOT_A_DATA_DIRECTORY,
        "its data directory is empty",
        "leave --in-place out");
    refused(
        Map.of("data", "damaged", "data.why", "there is no PG_VERSION"),
        PostgresErrors.NOT_A_DATA_DIRECTORY,
        "damaged (there is no PG_VERSION)");
  }

  @Test
  void refusesWhatAnotherRestoreLeftHalfDoneAndWhatNobodyTells() {
    refused(
        Map.of("data", "half-restored", "data.restoredBy", "job-1"),
        PostgresErrors.NOT_EMPTY,
        "half restored by job job-1",
        "resume or abort");
    refused(Map.of("agent.error", "exit 1"), PostgresErrors.UNREACHABLE, "exit 1");
  }
}
