package dev.chrysalis.recovery.checklist.watch;

import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.recovery.checklist.http.Answer;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import dev.chrysalis.recovery.checklist.logs.ErrorLines;
import dev.chrysalis.recovery.checklist.logs.LineTime;
import dev.chrysalis.recovery.checklist.logs.NewLines;
import dev.chrysalis.recovery.checklist.metrics.Exposition;
import dev.chrysalis.workloads.SideBySide;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Watches all members of the services at once, each twice: its page of metrics, and the newest
/// lines that it printed. The second look comes when the time is over and what only grows has
/// grown, or when patience is. Safe for many threads.
public final class Watch {
  private static final int NEWEST_LINES = 2000;
  private static final Duration PACE = Duration.ofMillis(250);

  private final Platform platform;
  private final ServiceClient client;
  private final Ticker ticker;
  private final Duration time;
  private final Duration patience;

  /// @param time how long they are watched
  /// @param patience how long after that something may take to grow
  public Watch(
      Platform platform, ServiceClient client, Ticker ticker, Duration time, Duration patience) {
    this.platform = platform;
    this.client = client;
    this.ticker = ticker;
    this.time = time;
    this.patience = patience;
  }

  /// Watches them once.
  public Watched over(Collection<Service> services) {
    Map<String, List<Watched.OfMember>> seen =
        SideBySide.map(services, service -> Map.entry(service.name(), members(service))).stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return new Watched(seen);
  }

  private List<Watched.OfMember> members(Service service) {
    List<Member> members = platform.workload(service.workload()).members();
    return SideBySide.map(members, member -> watch(service, member));
  }

  private Watched.OfMember watch(Service service, Member member) {
    long begin = ticker.nanos();
    Asked<Exposition> first = scrape(service, member);
    Asked<List<String>> linesBefore = lines(member);
    try {
      for (long left = left(begin, time); left > 0; left = left(begin, time)) {
        ticker.pause(Duration.ofNanos(left));
      }
      Asked<Watched.Scrapes> scrapes =
          switch (first) {
            case Asked.Answered<Exposition>(Exposition page) ->
                untilMoved(service, member, page, begin);
            case Asked.Unanswered<Exposition>(String why) -> new Asked.Unanswered<>(why);
          };
      Asked<Watched.Lines> lines =
          linesBefore.then(before -> lines(member).map(after -> lines(before, after, begin)));
      return new Watched.OfMember(member.id(), scrapes, lines);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Watched.OfMember(
          member.id(),
          new Asked.Unanswered<>("interrupted"),
          new Asked.Unanswered<>("interrupted"));
    }
  }

  private Asked<Watched.Scrapes> untilMoved(
      Service service, Member member, Exposition first, long begin) throws InterruptedException {
    while (true) {
      Asked<Watched.Scrapes> scrapes =
          scrape(service, member)
              .map(second ->
                  new Watched.Scrapes(first, second, since(begin), second.movedSince(first)));
      boolean settled =
          !(scrapes instanceof Asked.Answered<Watched.Scrapes>(Watched.Scrapes s)) || s.moved();
      if (settled || left(begin, time.plus(patience)) <= 0) {
        return scrapes;
      }
      ticker.pause(PACE);
    }
  }

  private Asked<Exposition> scrape(Service service, Member member) {
    if (service.metrics().isEmpty()) {
      return new Asked.Unanswered<>("the stack file names no 'metrics' of it");
    }
    Answer answer =
        client.ask(member.address(), service.port(), "GET", service.metrics().get(), "");
    return switch (answer.status()) {
      case 200 -> Exposition.read(answer.body());
      case 0 -> new Asked.Unanswered<>(answer.body());
      default -> new Asked.Unanswered<>("status " + answer.status());
    };
  }

  private Asked<List<String>> lines(Member member) {
    try {
      return new Asked.Answered<>(platform.logs(member.id(), "", NEWEST_LINES));
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      return new Asked.Unanswered<>("its output cannot be read: " + e.code());
    }
  }

  private Watched.Lines lines(List<String> before, List<String> after, long begin) {
    return new Watched.Lines(
        after.size(),
        ErrorLines.count(NewLines.between(before, after)),
        since(begin),
        LineTime.newest(after));
  }

  private Duration since(long begin) {
    return Duration.ofNanos(ticker.nanos() - begin);
  }

  private long left(long begin, Duration whole) {
    return whole.toNanos() - (ticker.nanos() - begin);
  }
}
