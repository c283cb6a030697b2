package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.workloads.FakeJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the agents' jobs do, phase by phase, and what must never be asked of them.
final class FakeRedisTasks {
  private final FakeRedisGroup group;
  private final List<String> done = new ArrayList<>();
  private boolean noRoom;
  private boolean restoresNothing;

  FakeRedisTasks(FakeRedisGroup group) {
    this.group = group;
  }

  /// Whether restores fail half-way from now on.
  void noRoom(boolean from) {
    synchronized (group.platform()) {
      noRoom = from;
    }
  }

  /// Whether restores end well and leave no key from now on.
  void restoresNothing(boolean from) {
    synchronized (group.platform()) {
      restoresNothing = from;
    }
  }

  /// What took effect: `lead redis-1`.
  List<String> done() {
    synchronized (group.platform()) {
      return List.copyOf(done);
    }
  }

  Optional<JobEvent> step(MemberId member, FakeJob job) {
    if (job.phase == 0) {
      return Optional.of(new JobEvent.Note("beginning on " + member));
    }
    return switch (job.task.get(1)) {
      case "failover" -> failover(member, job);
      case "lead" -> lead(member, job);
      case "follow" -> follow(member, job);
      case "configure" -> configure(member, job);
      case "restore", "restore-dump" -> restore(member, job);
      case "check-dump" -> ended(Map.of("bytes", "1000", "version", "7.0.15"));
      case "backup" -> backup(member, job);
      default -> failed("CHR-6001", "no such task");
    };
  }

  private Optional<JobEvent> failover(MemberId sentinel, FakeJob job) {
    if (job.phase > 1) {
      return ended(Map.of("new", group.named().map(group::address).orElse("")));
    }
    String from = job.option("--from");
    if (!from.equals(group.data(sentinel).get("master"))) {
      return Optional.empty();
    }
    done.add("failover");
    return group.failOver().isEmpty()
        ? failed(RedisErrors.NO_FAILOVER.toString(), "NOGOODSLAVE No suitable replica")
        : Optional.empty();
  }

  private Optional<JobEvent> lead(MemberId member, FakeJob job) {
    if (job.phase > 1) {
      return ended(Map.of("role", "master"));
    }
    if (group.leads(member)) {
      return Optional.empty();
    }
    done.add("lead " + member);
    group.lead(member);
    return Optional.empty();
  }

  private Optional<JobEvent> follow(MemberId member, FakeJob job) {
    group.data(member).put("role", job.option("--master"));
    done.add("follow " + member);
    return ended(Map.of());
  }

  private Optional<JobEvent> configure(MemberId member, FakeJob job) {
    if (group.isUp(member)) {
      group.violated("configuration of " + member + " while it runs");
    }
    Map<String, String> data = group.data(member);
    switch (job.task.get(2)) {
      case "--lead" -> data.put("role", "master");
      case "--follow" -> data.put("role", job.task.get(3));
      default -> {
        data.put("master", job.task.get(3));
        data.remove("gone");
      }
    }
    return ended(Map.of());
  }

  private Optional<JobEvent> restore(MemberId member, FakeJob job) {
    Map<String, String> data = group.data(member);
    return switch (job.phase) {
      case 1 -> beginRestore(member, job);
      case 2 -> {
        if (noRoom) {
          group.platform().lockVolume(member, false);
          yield failed(RedisErrors.NO_ROOM_TO_RESTORE.toString(), "no room for the files");
        }
        data.remove("half");
        data.put("role", "master");
        data.put("keys", restoresNothing ? "0" : "103");
        data.put("stream", "restored");
        data.put("offset", "1");
        yield Optional.empty();
      }
      default -> {
        group.platform().lockVolume(member, false);
        done.add("restore " + member);
        yield ended(Map.of("bytes", "1"));
      }
    };
  }

  private Optional<JobEvent> beginRestore(MemberId member, FakeJob job) {
    Map<String, String> data = group.data(member);
    if (!data.isEmpty() && !data.containsKey("half")) {
      group.violated("restore of " + member + " over " + data.keySet());
    }
    boolean clients =
        List.of(FakeRedisGroup.POINTED, FakeRedisGroup.ASKING).stream()
            .anyMatch(s -> group.platform().workload(s).replicas() > 0);
    if (clients) {
      group.violated("restore of " + member + " while clients run");
    }
    if (FakeRedisGroup.SENTINELS.stream().anyMatch(group::isUp)
        || FakeRedisGroup.SERVERS.stream().anyMatch(group::isUp)) {
      group.violated("restore of " + member + " while a server or a Sentinel runs");
    }
    group.platform().lockVolume(member, true);
    data.put("half", job.id);
    return Optional.of(new JobEvent.Progress("restoring", 0, 2));
  }

  private Optional<JobEvent> backup(MemberId member, FakeJob job) {
    if (!group.leads(member)) {
      return failed(RedisErrors.UNREACHABLE.toString(), member + " does not lead");
    }
    if (job.phase < 2) {
      return Optional.of(new JobEvent.Progress("reading", job.phase, 2));
    }
    done.add("backup " + member);
    return ended(Map.of("snapshot", "snapshot-2"));
  }

  private static Optional<JobEvent> ended(Map<String, String> result) {
    return Optional.of(new JobEvent.Done(result));
  }

  private static Optional<JobEvent> failed(String code, String message) {
    return Optional.of(new JobEvent.Failed(code, message, "look at it"));
  }
}
