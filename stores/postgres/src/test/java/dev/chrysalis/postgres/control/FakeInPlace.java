package dev.chrysalis.postgres.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.workloads.FakeJob;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a restore in place does to a fake data directory, and how it is taken back: what it
/// replaces is kept under names that begin with `undo.`, until a server is started.
final class FakeInPlace {
  private static final String KEPT = "undo.";

  private final FakePostgresPair pair;
  private final FakePlatform platform;

  FakeInPlace(FakePostgresPair pair, FakePlatform platform) {
    this.pair = pair;
    this.platform = platform;
  }

  static boolean isAskedFor(FakeJob job) {
    return job.task.contains("--in-place");
  }

  /// Lays the mark down and takes the control file away; an error where there is no cluster.
  Optional<JobEvent> begin(MemberId member, FakeJob job) {
    Map<String, String> data = pair.data(member);
    if (!data.containsKey("role")) {
      pair.violated("restore in place of " + member + " over " + data.keySet());
      return failed(PostgresErrors.NOT_A_DATA_DIRECTORY.toString(), "there is no cluster");
    }
    Map<String, String> old = new LinkedHashMap<>(data);
    data.clear();
    if (job.task.contains("--no-way-back")) {
      pair.givesUp(member);
    } else {
      old.forEach((key, value) -> data.put(KEPT + key, value));
    }
    return Optional.empty();
  }

  static void whole(Map<String, String> data, Map<String, String> restored) {
    data.keySet().removeIf(key -> !key.startsWith(KEPT));
    data.putAll(restored);
  }

  /// A server runs on what was restored: from now on nothing brings the old data back.
  void serverStarted(MemberId member) {
    if (pair.data(member).keySet().removeIf(key -> key.startsWith(KEPT))) {
      pair.givesUp(member);
    }
  }

  Optional<JobEvent> takeBack(MemberId member, FakeJob job) {
    Map<String, String> data = pair.data(member);
    switch (job.phase) {
      case 0 -> {
        return beginTakingBack(member, job);
      }
      case 1 -> data.remove("half");
      case 2 -> {
        Map<String, String> old = new LinkedHashMap<>();
        data.forEach((key, value) -> {
          if (key.startsWith(KEPT)) {
            old.put(key.substring(KEPT.length()), value);
          }
        });
        data.clear();
        data.putAll(old);
      }
      default -> {
        platform.lockVolume(member, false);
        return Optional.of(new JobEvent.Done(Map.of("undone", "3")));
      }
    }
    return Optional.empty();
  }

  private Optional<JobEvent> beginTakingBack(MemberId member, FakeJob job) {
    Map<String, String> data = pair.data(member);
    if (pair.isUp(member) || !(platform.fencing(member) instanceof Fencing.Proven)) {
      pair.violated("restore of " + member + " taken back while its server may run");
    }
    String name = job.option("--undo");
    boolean ours = name.equals(data.get("restoring")) || name.equals(data.get("restored"));
    if (!ours || data.keySet().stream().noneMatch(key -> key.startsWith(KEPT))) {
      return failed(PostgresErrors.NO_WAY_BACK.toString(), "nothing is kept of " + name);
    }
    platform.lockVolume(member, true);
    data.remove("role");
    data.remove("restored");
    data.put("restoring", name);
    return Optional.empty();
  }

  private static Optional<JobEvent> failed(String code, String message) {
    return Optional.of(new JobEvent.Failed(code, message, "look at it"));
  }
}
