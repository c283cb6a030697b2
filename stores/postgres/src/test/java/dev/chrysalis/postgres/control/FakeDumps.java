package dev.chrysalis.postgres.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.workloads.FakeJob;
import java.util.Map;
import java.util.Optional;

/// What the agents do with a dump: they look through it, and restore it beside the data directory,
/// which is there at once when all of it is.
final class FakeDumps {
  private static final String SHA256 = "5e".repeat(32);

  private final FakePostgresPair pair;
  private final FakePlatform platform;

  FakeDumps(FakePostgresPair pair, FakePlatform platform) {
    this.pair = pair;
    this.platform = platform;
  }

  Optional<JobEvent> check(FakeJob job) {
    return Optional.of(
        job.phase == 0
            ? new JobEvent.Progress("checking the dump", 0, 1)
            : new JobEvent.Done(Map.of("sha256", SHA256, "bytes", "1")));
  }

  /// @param fails whether the dump does not restore
  Optional<JobEvent> restore(MemberId member, FakeJob job, boolean fails) {
    return switch (job.phase) {
      case 0 -> begin(member, job);
      case 1 -> Optional.of(new JobEvent.Progress("restoring the dump", 1, 2));
      case 2 -> fails ? failed(member) : whole(member, job);
      default -> {
        platform.lockVolume(member, false);
        yield Optional.of(new JobEvent.Done(Map.of("rows", "3")));
      }
    };
  }

  private Optional<JobEvent> begin(MemberId member, FakeJob job) {
    Map<String, String> data = pair.data(member);
    boolean ours = job.option("--name").equals(data.get("restored"));
    if (!data.isEmpty() && !ours) {
      pair.violated("a dump restored to " + member + " over " + data.keySet());
    }
    if (pair.service().replicas() > 0 || pair.isUp(member)) {
      pair.violated("a dump restored to " + member + " while clients or its server run");
    }
    if (!job.option("--sha256").equals(SHA256)) {
      pair.violated("another dump restored to " + member + " than was checked");
    }
    platform.lockVolume(member, true);
    return Optional.of(new JobEvent.Progress("making a cluster", 0, 0));
  }

  private Optional<JobEvent> failed(MemberId member) {
    platform.lockVolume(member, false);
    return Optional.of(
        new JobEvent.Failed(
            PostgresErrors.DUMP_FAILED.toString(), "no room for the files", "look at it"));
  }

  private Optional<JobEvent> whole(MemberId member, FakeJob job) {
    Map<String, String> data = pair.data(member);
    data.putAll(FakePostgresPair.cluster("primary", FakeWalInVault.FIRST_END));
    data.put("restored", job.option("--name"));
    return Optional.empty();
  }
}
