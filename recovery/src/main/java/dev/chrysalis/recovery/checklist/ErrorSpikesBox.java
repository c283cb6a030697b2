package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.recovery.checklist.errors.Baselines;
import dev.chrysalis.recovery.checklist.errors.Measured;
import dev.chrysalis.recovery.checklist.errors.Rate;
import dev.chrysalis.recovery.checklist.errors.Spikes;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.workloads.SideBySide;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
    List<Counted> quiet = new ArrayList<>();
    Asked<Baselines.Known> kept = spikes.kept();
    List<Measured.One> all = round.measured().all();
    List<Asked<Counted>> counted =
        SideBySide.map(all, one -> one.rate().map(now -> judge(one, now, kept)));
    for (int i = 0; i < all.size(); i++) {
      switch (counted.get(i)) {
        case Asked.Answered<Counted>(Counted c) when c.now().count() == 0 -> quiet.add(c);
        case Asked.Answered<Counted>(Counted c) ->
            (c.judged().spike() ? faults : seen).add(c.judged().text());
        case Asked.Unanswered<Counted>(String why) ->
            unknown.add(
                "%s: %s: %s".formatted(all.get(i).service(), all.get(i).kind().words(), why));
      }
    }
    seen.addAll(inShort(quiet));
    return Check.of(this, faults, unknown, seen);
  }

  private record Counted(Measured.One one, Rate now, Spikes.Judged judged) {
    String by() {
      return "no %s by %s".formatted(one.kind().words(), now.by());
    }
  }

  /// Of those without an error the names are enough, with the shortest time that was looked at.
  private static List<String> inShort(List<Counted> quiet) {
    Map<String, List<Counted>> alike =
        quiet.stream()
            .collect(Collectors.groupingBy(Counted::by, LinkedHashMap::new, Collectors.toList()));
    return alike.entrySet().stream().map(e -> inShort(e.getKey(), e.getValue())).toList();
  }

  private static String inShort(String what, List<Counted> alike) {
    Duration time = alike.stream().map(c -> c.now().time()).min(Duration::compareTo).orElseThrow();
    String names = alike.stream().map(c -> c.one().service()).collect(Collectors.joining(", "));
    return "%s in %s: %s".formatted(what, Durations.show(time), names);
  }

  private Counted judge(Measured.One one, Rate now, Asked<Baselines.Known> kept) {
    return new Counted(one, now, spikes.judge(one.service(), one.kind(), now, kept));
  }
}
