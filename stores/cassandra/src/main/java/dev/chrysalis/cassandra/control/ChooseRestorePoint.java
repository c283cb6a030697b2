package dev.chrysalis.cassandra.control;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.workloads.Parameters;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns a goal into a snapshot and a stretch of the log for every node, before anything is
/// touched, and checks that the vault holds all that it needs, and that the volumes have the room
/// (what lies there is set aside, so it goes on taking room). Parameters: `members`; `target`, a
/// moment; without it all that the vault has of each.
///
/// Choices: those of `ChosenPart` for each, `at`, `to` where a moment was asked for, `behind`
/// (`RestorePoints.Chosen.behind`), `bytes`, `heldUntil`.
public record ChooseRestorePoint(Platform platform, RestorePoints vault) implements Action {
  public static final String NAME = "cassandra.choose-restore-point";
  static final String TARGET = "target";
  static final String MEMBERS = "members";
  static final String AT = "at";
  static final String TO = "to";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    RestorePoints.Chosen chosen =
        vault.choose(
            Optional.ofNullable(context.step().parameters().get(TARGET)).map(Instant::parse));
    chosen.requireReadable();
    Map<String, String> choices = new HashMap<>();
    long bytes = 0;
    for (String name : Parameters.list(context.step(), MEMBERS)) {
      MemberId member = MemberId.parse(name);
      RestorePoints.Part part = part(chosen, member);
      requireRoom(member, part.bytes());
      bytes += part.bytes();
      ChosenPart.of(part).put(choices, member);
    }
    choices.put(AT, chosen.at().toString());
    choices.put(TO, chosen.to().map(Instant::toString).orElse(""));
    choices.put("behind", RestorePoints.Behind.text(chosen.behind()));
    choices.put("bytes", Long.toString(bytes));
    vault.recoveryPoint().ifPresent(held -> choices.put("heldUntil", held.toString()));
    return choices;
  }

  private static RestorePoints.Part part(RestorePoints.Chosen chosen, MemberId member) {
    RestorePoints.Part part = chosen.parts().get(member);
    if (part == null) {
      throw new ChrysalisException(
          CassandraErrors.NO_RESTORE_POINT,
          "the ring that the vault holds has no node %s, only %s"
              .formatted(member, chosen.parts().keySet().stream().sorted().toList()),
          "nothing was touched; scale the workload to the ring's number of nodes first");
    }
    if (part.missingPacks() > 0) {
      throw new ChrysalisException(
          CassandraErrors.NO_RESTORE_POINT,
          "snapshot %s of %s lacks %d of its packs"
              .formatted(part.snapshot(), member, part.missingPacks()),
          "nothing was touched; see what else the vault holds: chrysalis restore-points");
    }
    return part;
  }

  /// A tenth more for what is written while the log is read.
  private void requireRoom(MemberId member, long bytes) {
    long needed = bytes + bytes / 10;
    long free = platform.volume(member).freeBytes();
    if (free < needed) {
      throw new ChrysalisException(
          CassandraErrors.NO_ROOM,
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
