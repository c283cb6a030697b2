package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.recovery.checklist.errors.Baselines;
import dev.chrysalis.recovery.checklist.errors.ErrorRates;
import dev.chrysalis.recovery.checklist.watch.Watch;
import dev.chrysalis.workloads.SideBySide;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The verification checklist of the runbook, each box checked with evidence. Only reads, but for
/// the sample requests that the stack file declares.
///
/// Boxes of one stage are looked at side by side. What watches for a while is looked at after what
/// only reads, and sample requests, which may write, come last.
public final class Checklist {
  private final Stack stack;
  private final List<Box> boxes;
  private final Watch watch;
  private final ErrorRates rates;
  private final Baselines baselines;
  private final Clock clock;

  Checklist(
      Stack stack,
      List<Box> boxes,
      Watch watch,
      ErrorRates rates,
      Baselines baselines,
      Clock clock) {
    this.stack = stack;
    this.boxes = List.copyOf(boxes);
    this.watch = watch;
    this.rates = rates;
    this.baselines = baselines;
    this.clock = clock;
  }

  /// Looks at every box once, whatever fails, and sends the sample requests.
  public Look go() {
    return all(List.of(Box.Stage.values()));
  }

  /// Looks at every box that only reads, so that it can be done again and again.
  public Look goQuietly() {
    return all(List.of(Box.Stage.STATE, Box.Stage.FLOW));
  }

  /// Looks at the boxes after a recovery, stage by stage; where one failed, those of later stages
  /// are not looked at, so that nobody waits for them and nothing is written.
  ///
  /// @param began when the recovery did
  /// @param verifying since when everything ought to be well
  List<Check> goCarefully(Instant began, Instant verifying) {
    Round round = round(Since.recovery(began, verifying, clock.instant()));
    return look(round, List.of(Box.Stage.values()), true);
  }

  /// Keeps the errors of a look that found all well, for later looks to compare theirs with.
  public void keep(Look look) {
    if (look.well()) {
      baselines.keep(clock.instant(), look.measured());
    }
  }

  /// When errors of a stack that was well were last kept.
  public Optional<Instant> lastKept() {
    return baselines.last();
  }

  private Look all(List<Box.Stage> stages) {
    Round round = round(Since.ago(stack.observability().within(), clock.instant()));
    return new Look(look(round, stages, false), round.measured());
  }

  private Round round(Since since) {
    return new Round(since, stack, watch, rates, clock);
  }

  private List<Check> look(Round round, List<Box.Stage> stages, boolean carefully) {
    Map<Box, Check> seen = new HashMap<>();
    boolean failed = false;
    for (Box.Stage stage : stages) {
      if (failed && carefully) {
        break;
      }
      List<Box> now = boxes.stream().filter(b -> b.stage() == stage).toList();
      List<Check> checks = SideBySide.map(now, box -> box.look(round));
      for (int i = 0; i < now.size(); i++) {
        seen.put(now.get(i), checks.get(i));
        failed |= checks.get(i).verdict() == Check.Verdict.FAILED;
      }
    }
    String why = failed ? "not looked at while another box fails" : "not sent by this look";
    List<Check> all = new ArrayList<>();
    boxes.forEach(box -> all.add(seen.getOrDefault(box, Check.unknown(box, why))));
    return all;
  }
}
