package dev.chrysalis.recovery.checklist;

import dev.chrysalis.recovery.SideBySide;
import dev.chrysalis.recovery.checklist.errors.Baselines;
import dev.chrysalis.recovery.checklist.errors.Measured;
import dev.chrysalis.recovery.checklist.errors.Rate;
import dev.chrysalis.recovery.checklist.errors.Spikes;
import dev.chrysalis.recovery.checklist.http.Asked;
import java.util.ArrayList;
import java.util.List;

/// Whether services make more errors than they did while they were well. Errors of the outage are
/// no spike: after a recovery only those count that come once everything ought to be well.
record ErrorSpikesBox(Spikes spikes) implements Box {
  static final String NAME = "error-spikes";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "No error spikes";
  }

  @Override
  public Stage stage() {
    return Stage.FLOW;
  }

  @Override
  public Check look(Round round) {
    List<String> faults = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    Asked<Baselines.Known> kept = spikes.kept();
    List<Measured.One> all = round.measured().all();
    List<Asked<Spikes.Judged>> judged =
        SideBySide.map(all, one -> one.rate().map(now -> judge(one, now, kept)));
    for (int i = 0; i < all.size(); i++) {
      switch (judged.get(i)) {
        case Asked.Answered<Spikes.Judged>(Spikes.Judged j) ->
            (j.spike() ? faults : seen).add(j.text());
        case Asked.Unanswered<Spikes.Judged>(String why) ->
            unknown.add(
                "%s: %s: %s".formatted(all.get(i).service(), all.get(i).kind().words(), why));
      }
    }
    return Check.of(this, faults, unknown, seen);
  }

  private Spikes.Judged judge(Measured.One one, Rate now, Asked<Baselines.Known> kept) {
    return spikes.judge(one.service(), one.kind(), now, kept);
  }
}
