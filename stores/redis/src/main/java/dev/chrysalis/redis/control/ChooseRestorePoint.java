package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.redis.RedisErrors;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns a goal into a base and a position of the log behind it, before anything is touched, and
/// checks that the vault holds all that it needs, and that the member's volume has the room (what
/// lies there is set aside, so it goes on taking room). Parameters: `member`; `target`, a moment;
/// without it the newest.
///
/// Choices: `snapshot`, `version`, `log`, `from` and `to` in it (no `log`: the base stands alone),
/// `at`, `keys` of the base where they are known, `bytes`, `heldUntil`: the newest moment that the
/// vault holds.
public record ChooseRestorePoint(Platform platform, RestorePoints vault) implements Action {
  public static final String NAME = "redis.choose-restore-point";
  static final String TARGET = "target";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    RestorePoints.Chosen point =
        vault.choose(
            Optional.ofNullable(context.step().parameters().get(TARGET)).map(Instant::parse));
    if (point.missingPacks() > 0) {
      throw new ChrysalisException(
          RedisErrors.NO_RESTORE_POINT,
          "snapshot %s lacks %d of its packs".formatted(point.snapshot(), point.missingPacks()),
          "nothing was touched; see what else the vault holds: chrysalis restore-points");
    }
    requireRoom(ConfigureMember.member(context.step()), needed(point));
    return choices(point, vault.recoveryPoint());
  }

  /// The base, the log's stretch, and a tenth for what is written while it is restored.
  private static long needed(RestorePoints.Chosen point) {
    long all = point.bytes() + (point.to() - point.from());
    return all + all / 10;
  }

  private static Map<String, String> choices(
      RestorePoints.Chosen point, Optional<Instant> heldUntil) {
    Map<String, String> choices = new HashMap<>();
    choices.put("snapshot", point.snapshot());
    choices.put("version", point.version());
    choices.put("log", point.log().orElse(""));
    choices.put("from", Long.toString(point.from()));
    choices.put("to", Long.toString(point.to()));
    choices.put("at", point.at().toString());
    choices.put("keys", Long.toString(point.keys()));
    choices.put("bytes", Long.toString(point.bytes()));
    choices.put("heldUntil", heldUntil.map(Instant::toString).orElse(""));
    return choices;
  }

  private void requireRoom(MemberId member, long needed) {
    long free = platform.volume(member).freeBytes();
    if (free < needed) {
      throw new ChrysalisException(
          RedisErrors.NO_ROOM_TO_RESTORE,
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
    return List.of("chrysalis restore-points");
  }
}
