package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.workloads.Parameters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns a goal into a snapshot and a WAL position, before anything is touched, and checks that the
/// vault holds all that the snapshot needs, and that the member's volume has the room (what lies
/// there is set aside, so it goes on taking room). Parameters: `member`; `target`, a `RestoreGoal`
/// (`latest`); `timeline` (the newest); `in-place`: the volume must hold the same cluster, and have
/// the room for what that grows by; the agent knows this better and looks again.
///
/// Choices: `snapshot`, `system`, `timeline`, `target`, `next` (where the record behind the target
/// begins, where that is known), `commit` (time of the newest commit in it), `bytes`, `heldUntil`
/// (up to when the vault has everything that was committed).
public record ChooseRestorePoint(Platform platform, PostgresAgents agents, WalInVault vault)
    implements Action {
  public static final String NAME = "postgres.choose-restore-point";
  static final String IN_PLACE = "in-place";

  /// What a restore in place needs beside the growth of the files (`InPlacePreflight`).
  private static final long RESERVE_BYTES = 64L << 20;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, String> parameters = context.step().parameters();
    WalInVault.Chosen point =
        vault.choose(
            RestoreGoal.parse(parameters.getOrDefault("target", "latest")),
            Optional.ofNullable(parameters.get("timeline")).map(Integer::valueOf),
            (bytes, total) -> context.progress("looking for the target in the WAL", bytes, total));
    if (point.missingPacks() > 0) {
      throw new ChrysalisException(
          PostgresErrors.NO_RESTORE_POINT,
          "snapshot %s lacks %d of its packs".formatted(point.snapshot(), point.missingPacks()),
          "nothing was touched; see what else the vault holds: chrysalis restore-points");
    }
    MemberId member = MemberId.parse(Parameters.of(context.step(), "member"));
    Volume volume = platform.volume(member);
    if (parameters.containsKey(IN_PLACE)) {
      new StandingCluster(member, agents.status(member)).require(point);
      requireRoom(member, volume, Math.max(0, point.bytes() - volume.usedBytes()) + RESERVE_BYTES);
    } else {
      requireRoom(member, volume, point.bytes() + point.bytes() / 10);
    }
    return Map.of(
        "snapshot", point.snapshot(),
        "system", point.systemIdentifier(),
        "heldUntil", vault.recoveryPoint().map(Instant::toString).orElse(""),
        "timeline", Integer.toString(point.timeline()),
        "target", point.target().toString(),
        "next", point.next().map(Lsn::toString).orElse(""),
        "commit", point.commit().map(Instant::toString).orElse(""),
        "bytes", Long.toString(point.bytes()));
  }

  private static void requireRoom(MemberId member, Volume volume, long needed) {
    long free = volume.freeBytes();
    if (free < needed) {
      throw new ChrysalisException(
          PostgresErrors.NO_ROOM,
          "%s: the restore needs %d MB, the volume has %d MB free"
              .formatted(member, needed / 1_000_000, free / 1_000_000),
          "nothing was touched; make room, for one by chrysalis aside list and drop");
    }
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("the restore point to be chosen")
        : new Probe.Reached(context.choices());
  }

  @Override
  public void act(StepContext context) {
    // The choice is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("chrysalis restore-points postgres");
  }
}
