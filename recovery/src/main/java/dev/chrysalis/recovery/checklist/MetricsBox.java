package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.metrics.Prometheus;
import dev.chrysalis.recovery.checklist.watch.Watched;
import dev.chrysalis.workloads.SideBySide;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether metrics flow: to Prometheus, where the stack file names one; else from the members, each
/// of which must show them twice, with something that has grown.
record MetricsBox(Stack stack, @Nullable Prometheus prometheus, Clock clock) implements Box {
  @Override
  public String name() {
    return "metrics";
  }

  @Override
  public String title() {
    return "Metrics flowing";
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
    Prometheus server = prometheus;
    if (server == null) {
      services.forEach(s -> ofMembers(s, round.watched(), faults, unknown, seen));
      return Check.of(this, faults, unknown, seen);
    }
    List<Asked<List<Prometheus.Target>>> answers =
        SideBySide.map(services, s -> server.targets(s.name()));
    for (int i = 0; i < services.size(); i++) {
      String name = services.get(i).name();
      switch (answers.get(i)) {
        case Asked.Answered<List<Prometheus.Target>>(List<Prometheus.Target> targets) ->
            ofTargets(name, server, targets, round, faults, seen);
        case Asked.Unanswered<List<Prometheus.Target>>(String why) ->
            unknown.add(name + ": " + why);
      }
    }
    return Check.of(this, faults, unknown, seen);
  }

  private void ofTargets(
      String service,
      Prometheus server,
      List<Prometheus.Target> targets,
      Round round,
      List<String> faults,
      List<String> seen) {
    if (targets.isEmpty()) {
      faults.add(
          "%s: Prometheus has no target with %s".formatted(service, server.selector(service)));
    }
    Duration recovery = Duration.between(round.since().samples(), clock.instant());
    for (Prometheus.Target target : targets) {
      String age = Durations.show(target.age());
      String which = service + " (" + target.instance() + "): ";
      if (!target.up()) {
        faults.add(which + "Prometheus could not scrape it " + age + " ago");
      } else if (target.age().compareTo(server.fresh()) > 0) {
        faults.add(which + "its newest sample is " + age + " old");
      } else if (target.age().compareTo(recovery) > 0) {
        faults.add(which + "no sample since the recovery began, the newest is " + age + " old");
      } else {
        seen.add(which + "scraped by Prometheus " + age + " ago");
      }
    }
  }

  private static void ofMembers(
      Service service,
      Watched watched,
      List<String> faults,
      List<String> unknown,
      List<String> seen) {
    if (service.metrics().isEmpty()) {
      unknown.add(service.name() + ": the stack file names no 'metrics' of it, and no Prometheus");
      return;
    }
    for (Watched.OfMember member : watched.of(service.name())) {
      switch (member.scrapes()) {
        case Asked.Answered<Watched.Scrapes>(Watched.Scrapes s) -> {
          String time = Durations.show(s.between());
          if (s.moved()) {
            seen.add("%s: %d samples, growing".formatted(member.member(), samples(s)));
          } else {
            faults.add(member.member() + ": no counter has grown in " + time);
          }
        }
        case Asked.Unanswered<Watched.Scrapes>(String why) ->
            faults.add("%s %s: %s".formatted(member.member(), service.metrics().get(), why));
      }
    }
  }

  private static int samples(Watched.Scrapes scrapes) {
    return scrapes.second().samples().size();
  }
}
