package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.logs.LogAggregator;
import dev.chrysalis.recovery.checklist.watch.Watched;
import dev.chrysalis.workloads.SideBySide;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether lines appear: in the aggregator, where the stack file names one; else what the platform
/// keeps of each member's output, unless it is known to be older. A service that printed nothing
/// shows nothing of the way to the aggregator, which is *unknown* then.
record LogsBox(Stack stack, @Nullable LogAggregator aggregator) implements Box {
  @Override
  public String name() {
    return "logs";
  }

  @Override
  public String title() {
    return "Logs appearing";
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
    List<Service> services = List.copyOf(stack.services().values());
    LogAggregator server = aggregator;
    if (server == null) {
      services.forEach(s -> ofMembers(round, s, faults, unknown, seen));
      seen.addAll(
          seen.isEmpty()
              ? List.of()
              : List.of("kept by the platform; no aggregator is configured"));
      return Check.of(this, faults, unknown, seen);
    }
    Instant since = round.since().lines();
    List<Asked<Optional<Instant>>> answers =
        SideBySide.map(services, s -> server.newest(s.name(), since));
    for (int i = 0; i < services.size(); i++) {
      String name = services.get(i).name();
      switch (answers.get(i)) {
        case Asked.Answered<Optional<Instant>>(Optional<Instant> newest) when newest.isPresent() ->
            seen.add("%s: newest line in %s %s".formatted(name, server.name(), newest.get()));
        case Asked.Answered<Optional<Instant>> _ -> {
          List<Watched.OfMember> members = round.watched().of(name);
          String none = "%s: no line in %s since %s".formatted(name, server.name(), since);
          if (printedSince(members, since)) {
            faults.add(none + ", though it printed some");
          } else {
            unknown.add(none + ", nor is it known to have printed any");
          }
        }
        case Asked.Unanswered<Optional<Instant>>(String why) -> unknown.add(name + ": " + why);
      }
    }
    return Check.of(this, faults, unknown, seen);
  }

  private static boolean printedSince(List<Watched.OfMember> members, Instant since) {
    return members.stream()
        .anyMatch(m ->
            m.lines() instanceof Asked.Answered<Watched.Lines>(Watched.Lines lines)
                && lines.newest().filter(at -> at.isAfter(since)).isPresent());
  }

  private static void ofMembers(
      Round round, Service service, List<String> faults, List<String> unknown, List<String> seen) {
    Instant since = round.since().lines();
    for (Watched.OfMember member : round.watched().of(service.name())) {
      switch (member.lines()) {
        case Asked.Answered<Watched.Lines>(Watched.Lines lines) when lines.all() == 0 ->
            faults.add(member.member() + " has printed nothing");
        case Asked.Answered<Watched.Lines>(Watched.Lines lines)
            when lines.newest().filter(at -> at.isBefore(since)).isPresent() ->
            unknown.add(
                "%s: no line since %s, its newest is of %s"
                    .formatted(member.member(), since, lines.newest().get()));
        case Asked.Answered<Watched.Lines>(Watched.Lines lines) ->
            seen.add(
                member.member()
                    + lines.newest().map(at -> ": newest line " + at).orElse(" printed lines"));
        case Asked.Unanswered<Watched.Lines>(String why) ->
            unknown.add(member.member() + ": " + why);
      }
    }
  }
}
