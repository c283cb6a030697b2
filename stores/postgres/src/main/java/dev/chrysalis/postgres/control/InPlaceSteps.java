package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The steps that restore the first member over the cluster in its volume, instead of setting it
/// aside. Pure.
///
/// 1. What the member still has of its WAL, and the vault has not, goes there: the restore takes it
///    away. A living primary handed its WAL over before it was fenced, but not what it wrote
///    between.
/// 2. The restore, which is taken back when a step up to here fails. Without a way back it is the
///    point of no return.
/// 3. With one, the start of the server is: replay changes pages that the undo log does not hold,
///    so nothing behind it is in the undo group.
record InPlaceSteps(PlanSteps parts, RestoreGround ground, MemberId first) {
  static String keepWal(MemberId first) {
    return "keep-wal-" + first;
  }

  private boolean keeps() {
    return ground != RestoreGround.IN_PLACE_NO_WAY_BACK;
  }

  /// These steps, the last of them last.
  ///
  /// @param point the step that chose the restore point, and the goal in words
  List<Step> restore(String undoGroup, Map<String, String> point, List<String> fenced) {
    List<Step> steps = new ArrayList<>();
    steps.add(
        PlanSteps.salvaging(keepWal(first), first)
            .title("Bring to the vault what WAL only " + first + " has: it is taken away there")
            .after(fenced)
            .undoGroup(undoGroup)
            .build());
    StepBuilder restore =
        Step.named("restore-" + first)
            .title(title())
            .action(RestoreInPlace.NAME)
            .with("member", first.toString())
            .with(point)
            .after(keepWal(first))
            .expected(parts.forecast().restore())
            .deadline(Duration.ofHours(12));
    if (keeps()) {
      steps.add(restore.destructive().undoGroup(undoGroup).build());
      steps.add(start());
    } else {
      restore.with(RestoreInPlace.NO_WAY_BACK, "yes").kind(StepKind.POINT_OF_NO_RETURN);
      steps.add(restore.build());
    }
    return steps;
  }

  private String title() {
    return keeps()
        ? "Restore %s over its own data: what differs is kept until its server is started"
            .formatted(first)
        : "Restore %s over its own data, for good: nothing of what differs is kept"
            .formatted(first);
  }

  private Step start() {
    return Step.named("start-" + first)
        .title("Let " + first + " start on what was restored: its old data cannot come back then")
        .action(StartRestored.NAME)
        .with("member", first.toString())
        .with("restored-by", "restore-" + first)
        .kind(StepKind.POINT_OF_NO_RETURN)
        .after("restore-" + first)
        .expected(Duration.ofSeconds(2))
        .build();
  }

  /// What a plan says of it to the person who approves it.
  String inWords() {
    return keeps()
        ? "over the data of %s, of which only what differs is written. Up to its start a failure"
                .formatted(first)
            + " brings the old data back; from then on only another restore leads on"
        : "over the data of %s, of which only what differs is written, for good: a restore that"
                .formatted(first)
            + " was begun can only go on, and nothing brings the old data back";
  }
}
