package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.PlatformEvent;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.platform.process.Signals;
import dev.chrysalis.platform.process.WorkloadSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Breaks a service: its processes, or what is rolled out of it. A deployment holds no lease: it
/// goes with the highest token that the platform saw, as one by CI would.
record ServiceBreaker(ProcessPlatform platform, WorkloadSpec service, Clock clock) {
  private static final Pattern PID = Pattern.compile(" runs as pid ([0-9]+)$");
  private static final int EVENTS = 100;
  private static final String NO_SUCH_PROGRAM = "dev.butterfly.NextRelease";
  private static final String NOBODY_LISTENS = "1";

  Disaster signal(Fault fault, int signal) {
    List<MemberId> hit = members();
    Signals signals = new Signals();
    Instant at = clock.instant();
    hit.forEach(member -> signals.send(pid(member), signal));
    return Disaster.of(fault, at, hit);
  }

  /// Rolls a program out that is not there: the JVM ends at once.
  Disaster release(Fault fault) {
    Map<String, String> environment = platform.workload(service.name()).environment();
    ContainerSpec main = service.main();
    List<String> command = new ArrayList<>(main.command());
    command.set(command.size() - 1, NO_SUCH_PROGRAM);
    Instant at = clock.instant();
    platform.apply(
        platform.highestToken(),
        new WorkloadSpec(
            service.name(),
            service.kind(),
            service.replicas(),
            List.of(new ContainerSpec(main.name(), command, main.environment(), main.readiness())),
            environment,
            service.agent(),
            service.hasVolume(),
            service.addresses(),
            service.stop(),
            service.progressDeadlineMillis()));
    return Disaster.of(fault, at, members());
  }

  Disaster configure(Fault fault) {
    Instant at = clock.instant();
    platform.configure(
        platform.highestToken(), service.name(), Map.of("POSTGRES_PORT", NOBODY_LISTENS));
    return Disaster.of(fault, at, members());
  }

  private List<MemberId> members() {
    return platform.workload(service.name()).members().stream().map(Member::id).toList();
  }

  /// The member's newest process, which the platform tells when it starts one or finds it again.
  private long pid(MemberId member) {
    return platform.events(service.name(), EVENTS).reversed().stream()
        .filter(e -> e.subject().equals(member.toString()))
        .map(PlatformEvent::message)
        .map(PID::matcher)
        .filter(Matcher::find)
        .findFirst()
        .map(found -> Long.parseLong(found.group(1)))
        .orElseThrow(() ->
            new ChrysalisException(
                LabErrors.FAULT_FAILED,
                "there is nothing to break: no process of " + member + " is known",
                "see chrysalis lab status"));
  }
}
