package dev.chrysalis.postgres.control;

import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.workloads.FakeJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the agents' jobs do, phase by phase, and what must never be asked of them.
final class FakePostgresTasks {
  private static final Lsn BACKUP_END = Lsn.parse("0/4000060");

  private final FakePostgresPair pair;
  private final FakePlatform platform;
  private final FakeInPlace inPlace;
  private final FakeDumps dumps;
  private final List<String> done = new ArrayList<>();
  private boolean noRoom;
  private boolean undoFails;
  private boolean walUnreadable;
  private boolean overshoots;

  FakePostgresTasks(FakePostgresPair pair, FakePlatform platform) {
    this.pair = pair;
    this.platform = platform;
    this.inPlace = new FakeInPlace(pair, platform);
    this.dumps = new FakeDumps(pair, platform);
  }

  /// Whether restores fail half-way from now on.
  void noRoom(boolean from) {
    synchronized (platform) {
      noRoom = from;
    }
  }

  /// Whether taking a restore in place back fails half-way from now on.
  void undoFails(boolean from) {
    synchronized (platform) {
      undoFails = from;
    }
  }

  /// Whether the WAL of dead servers cannot be read from now on.
  void walUnreadable(boolean from) {
    synchronized (platform) {
      walUnreadable = from;
    }
  }

  /// Whether servers replay past their target from now on.
  void overshoot(boolean from) {
    synchronized (platform) {
      overshoots = from;
    }
  }

  /// What took effect: `promote postgres-1`.
  List<String> done() {
    synchronized (platform) {
      return List.copyOf(done);
    }
  }

  Optional<JobEvent> step(MemberId member, FakeJob job) {
    return switch (job.task.get(1)) {
      case "promote" -> promote(member, job);
      case "end-recovery" -> endRecovery(member, job);
      case "restore" -> restore(member, job);
      case "check-dump" -> dumps.check(job);
      case "restore-dump" -> dumps.restore(member, job, noRoom);
      case "backup" -> backup(member, job);
      case "feed" -> feed(member, job);
      case "salvage" -> salvage(member, job);
      default -> Optional.of(new JobEvent.Failed("CHR-6001", "no such task", "none"));
    };
  }

  private Optional<JobEvent> salvage(MemberId member, FakeJob job) {
    Map<String, String> data = pair.data(member);
    if (job.phase == 0) {
      return Optional.of(new JobEvent.Progress("salvaging WAL", 0, 1));
    }
    if (walUnreadable) {
      return failed(PostgresErrors.VOLUME_FAILED.toString(), "cannot read pg_wal");
    }
    if (!data.containsKey("role")) {
      return Optional.of(new JobEvent.Done(Map.of("wal", "none", "why", "no segment")));
    }
    pair.vault().salvaged(pair.position(member));
    done.add("salvage " + member);
    return Optional.of(
        new JobEvent.Done(
            Map.of(
                "wal",
                "read",
                "role",
                data.getOrDefault("role", ""),
                "system",
                FakeWalInVault.SYSTEM,
                "timeline",
                data.getOrDefault("timeline", ""))));
  }

  private Optional<JobEvent> promote(MemberId member, FakeJob job) {
    if (job.phase != 1) {
      return aroundTheAct(job, member);
    }
    String expected = job.option("--expect-timeline");
    boolean standby = "standby".equals(pair.data(member).get("role"));
    if (!pair.isUp(member) || !standby || !expected.equals(pair.data(member).get("timeline"))) {
      return failed(PostgresErrors.TIMELINE_CONFLICT.toString(), "no standby of " + expected);
    }
    return once("promote " + member, member);
  }

  private Optional<JobEvent> endRecovery(MemberId member, FakeJob job) {
    if (job.phase != 1) {
      return aroundTheAct(job, member);
    }
    return pair.isUp(member) && pair.isAtTarget(member)
        ? once("end-recovery " + member, member)
        : failed(PostgresErrors.RECOVERY_STOPPED.toString(), member + " is not at its target");
  }

  private Optional<JobEvent> once(String what, MemberId member) {
    if (done.contains(what)) {
      pair.violated(what + " a second time");
    }
    done.add(what);
    pair.becomePrimary(member);
    return Optional.empty();
  }

  private Optional<JobEvent> aroundTheAct(FakeJob job, MemberId member) {
    return Optional.of(
        job.phase == 0
            ? new JobEvent.Note("beginning on " + member)
            : new JobEvent.Done(Map.of("timeline", "2")));
  }

  private Optional<JobEvent> restore(MemberId member, FakeJob job) {
    if (!job.option("--undo").isEmpty()) {
      return undoFails && job.phase == 1
          ? fullVolume(member, PostgresErrors.VOLUME_FAILED)
          : inPlace.takeBack(member, job);
    }
    Map<String, String> data = pair.data(member);
    return switch (job.phase) {
      case 0 -> beginRestore(member, job);
      case 1 -> {
        data.put("half", "the files");
        yield Optional.of(new JobEvent.Progress("restoring files", 1, 2));
      }
      case 2 -> noRoom ? fullVolume(member, PostgresErrors.NO_ROOM) : wholeRestore(data, job);
      default -> {
        platform.lockVolume(member, false);
        done.add("restore " + member);
        yield Optional.of(new JobEvent.Done(Map.of("snapshot", "snapshot-1")));
      }
    };
  }

  private Optional<JobEvent> fullVolume(MemberId member, ErrorCode code) {
    platform.lockVolume(member, false);
    return failed(code.toString(), "no room for the files");
  }

  private static Optional<JobEvent> wholeRestore(Map<String, String> data, FakeJob job) {
    FakeInPlace.whole(data, restored(job));
    return Optional.empty();
  }

  private Optional<JobEvent> beginRestore(MemberId member, FakeJob job) {
    Map<String, String> data = pair.data(member);
    String name = job.option("--name");
    boolean ours = name.equals(data.get("restoring")) || name.equals(data.get("restored"));
    Optional<JobEvent> refused =
        FakeInPlace.isAskedFor(job) && !ours ? inPlace.begin(member, job) : Optional.empty();
    if (refused.isPresent()) {
      return refused;
    }
    if (!FakeInPlace.isAskedFor(job) && !data.isEmpty() && !ours) {
      pair.violated("restore of " + member + " over " + data.keySet());
      return failed(PostgresErrors.NOT_EMPTY.toString(), "something lies there: " + data.keySet());
    }
    boolean toTarget = !job.option("--to").isEmpty();
    if (toTarget && pair.service().replicas() > 0) {
      pair.violated("restore of " + member + " while clients run");
    }
    if (pair.isUp(member)) {
      pair.violated("restore of " + member + " while its server runs");
    }
    platform.lockVolume(member, true);
    data.put("restoring", name);
    return Optional.of(new JobEvent.Progress("restoring files", 0, 2));
  }

  private static Map<String, String> restored(FakeJob job) {
    String to = job.option("--to");
    Map<String, String> data =
        FakePostgresPair.cluster(to.isEmpty() ? "standby" : "recovering", BACKUP_END);
    data.put("restored", job.option("--name"));
    if (to.isEmpty()) {
      data.put("primary-host", job.option("--primary-host"));
    } else {
      data.put("target", to.substring("lsn:".length()));
    }
    return data;
  }

  private Optional<JobEvent> backup(MemberId member, FakeJob job) {
    if (!pair.takesWrites(member)) {
      return failed(PostgresErrors.UNREACHABLE.toString(), member + " takes no writes");
    }
    if (job.phase < 2) {
      return Optional.of(new JobEvent.Progress("reading files", job.phase, 2));
    }
    done.add("backup " + member);
    return Optional.of(new JobEvent.Done(Map.of("snapshot", "snapshot-2")));
  }

  private Optional<JobEvent> feed(MemberId member, FakeJob job) {
    if (pair.takesWrites(member) || pair.streams(member)) {
      return Optional.of(new JobEvent.Done(Map.of("ended", "recovery")));
    }
    if (pair.isUp(member) && job.phase > 0) {
      Lsn has = pair.position(member);
      Lsn to = feedsTo(member);
      pair.data(member).put("position", (has.compareTo(to) > 0 ? has : to).toString());
    }
    return Optional.empty();
  }

  private Lsn feedsTo(MemberId member) {
    String target = pair.data(member).get("target");
    if (target == null) {
      return pair.vault().reaches();
    }
    Lsn after = FakeWalInVault.after(Lsn.parse(target));
    return overshoots ? FakeWalInVault.after(after) : after;
  }

  private static Optional<JobEvent> failed(String code, String message) {
    return Optional.of(new JobEvent.Failed(code, message, "look at it"));
  }
}
