package dev.chrysalis.recovery.checklist.errors;

import dev.chrysalis.model.stack.Service;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.logs.LogAggregator;
import dev.chrysalis.recovery.checklist.metrics.Exposition;
import dev.chrysalis.recovery.checklist.metrics.Prometheus;
import dev.chrysalis.recovery.checklist.watch.Watched;
import dev.chrysalis.workloads.SideBySide;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Counts the errors of services. A server that saw the whole time is asked first; where there is
/// none, or it did not, what the watched members showed themselves counts.
public final class ErrorRates {
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final @Nullable Prometheus prometheus;
  private final @Nullable LogAggregator logs;

  public ErrorRates(Optional<Prometheus> prometheus, Optional<LogAggregator> logs) {
    this.prometheus = prometheus.orElse(null);
    this.logs = logs.orElse(null);
  }

  /// The errors since that moment, or of the watch where no server knows.
  public Measured of(Collection<Service> services, Instant since, Instant now, Watched watched) {
    Duration time = atLeast(Duration.between(since, now));
    return new Measured(
        SideBySide.map(
                services,
                service -> {
                  String name = service.name();
                  return List.of(
                      new Measured.One(name, ErrorKind.REQUESTS, requests(name, time, watched)),
                      new Measured.One(name, ErrorKind.LINES, lines(name, since, time, watched)));
                })
            .stream()
            .flatMap(List::stream)
            .toList());
  }

  private Asked<Rate> requests(String service, Duration time, Watched watched) {
    Asked<Rate> shown = watched(watched.of(service), ErrorRates::requests);
    if (prometheus == null) {
      return shown;
    }
    return prometheus
        .serverErrors(service, time)
        .map(count -> new Rate(Math.max(0, count), time, "Prometheus"))
        .or(shown);
  }

  private Asked<Rate> lines(String service, Instant since, Duration time, Watched watched) {
    Asked<Rate> shown =
        watched(
            watched.of(service),
            m -> m.lines().map(l -> new Rate(l.errors(), atLeast(l.between()), "its members")));
    LogAggregator server = logs;
    if (server == null) {
      return shown;
    }
    return server
        .errors(service, time)
        .then(count -> count > 0 ? new Asked.Answered<Double>(count) : none(server, service, since))
        .map(count -> new Rate(count, time, server.name()))
        .or(shown);
  }

  /// No error is known only of a service of which there are lines: its labels may be wrong, or its
  /// lines not arrive.
  private static Asked<Double> none(LogAggregator server, String service, Instant since) {
    return server
        .newest(service, since)
        .then(newest ->
            newest.isPresent()
                ? new Asked.Answered<>(0.0)
                : new Asked.Unanswered<>(
                    "%s holds no line since %s".formatted(server.name(), since)));
  }

  private static Asked<Rate> requests(Watched.OfMember member) {
    return member
        .scrapes()
        .then(s ->
            s.second().countsRequests()
                ? new Asked.Answered<>(
                    new Rate(
                        s.second().serverErrorsSince(s.first()),
                        atLeast(s.between()),
                        "its members"))
                : new Asked.Unanswered<>("shows no " + Exposition.REQUESTS));
  }

  /// The sum over the members; unanswered where one of them is.
  private static Asked<Rate> watched(
      List<Watched.OfMember> members, Function<Watched.OfMember, Asked<Rate>> each) {
    double count = 0;
    Duration longest = LEAST;
    for (Watched.OfMember member : members) {
      switch (each.apply(member)) {
        case Asked.Answered<Rate>(Rate rate) -> {
          count += rate.count();
          longest = rate.time().compareTo(longest) > 0 ? rate.time() : longest;
        }
        case Asked.Unanswered<Rate>(String why) -> {
          return new Asked.Unanswered<>(member.member() + ": " + why);
        }
      }
    }
    return members.isEmpty()
        ? new Asked.Unanswered<>("no member runs")
        : new Asked.Answered<>(new Rate(count, longest, "its members"));
  }

  private static Duration atLeast(Duration time) {
    return time.compareTo(LEAST) < 0 ? LEAST : time;
  }
}
