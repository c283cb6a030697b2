package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.MemberProcess;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.platform.process.Signals;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Breaks services for good, and everything at once.
///
/// 1. Which processes a member has is asked of the supervisor.
/// 2. Processes are halted until no other shows up: one that is halted starts none any more.
/// 3. A bad release and a bad configuration are revisions like any other, rolled out by the
///    supervisor. They carry the highest token that was seen, since a deploy is no controller's: no
///    recovery of before holds it up.
/// 4. A heap is exhausted by the member itself, which is seen to end with exit code 3.
final class ServiceBreaker {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String OUT_OF_MEMORY = "exit 3";

  private final ProcessPlatform platform;
  private final LabWorkloads workloads;
  private final Clock clock;
  private final Signals signals = new Signals();

  ServiceBreaker(ProcessPlatform platform, LabWorkloads workloads, Clock clock) {
    this.platform = platform;
    this.workloads = workloads;
    this.clock = clock;
  }

  Disaster kill(LabService service) {
    List<MemberId> hit = members(service);
    List<Long> running =
        hit.stream()
            .flatMap(member -> platform.processes(member).stream())
            .filter(process -> process.container().equals(LabWorkloads.SERVICE))
            .map(MemberProcess::pid)
            .toList();
    refuseNothing(running.isEmpty(), "no process of " + service.word() + " runs");
    running.forEach(pid -> signals.send(pid, Signals.KILL));
    return Disaster.of(Fault.SERVICE_KILLED, clock.instant(), hit);
  }

  Disaster hang(LabService service) {
    return halt(Fault.SERVICE_HUNG, members(service));
  }

  Disaster hangEverything() {
    return halt(
        Fault.ALL_DOWN,
        platform.workloads().stream()
            .flatMap(workload -> workload.members().stream())
            .map(Member::id)
            .toList());
  }

  Disaster releaseBadly(LabService service) {
    List<MemberId> hit = members(service);
    Workload now = platform.workload(service.word());
    Instant at = clock.instant();
    try {
      platform.apply(
          token(), workloads.brokenRelease(service, now.revision() + 1, now.environment()));
    } catch (IOException e) {
      throw failed("the programs of " + service.word() + " cannot be read", e);
    }
    return Disaster.of(Fault.BAD_RELEASE, at, hit);
  }

  Disaster configureBadly(LabService service) {
    List<MemberId> hit = members(service);
    Instant at = clock.instant();
    platform.configure(token(), service.word(), workloads.brokenConfiguration(service));
    return Disaster.of(Fault.BAD_CONFIGURATION, at, hit);
  }

  Disaster exhaust(LabService service) {
    List<Member> before = platform.workload(service.word()).members();
    refuseNothing(
        before.isEmpty() || !before.stream().allMatch(Member::ready),
        "not every member of " + service.word() + " is ready");
    Instant at = clock.instant();
    Map<MemberId, Integer> restarts = new HashMap<>();
    before.forEach(member -> restarts.put(member.id(), member.restarts()));
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (Member member : before) {
        // It is never answered.
        var _ = http.sendAsync(exhausting(member), BodyHandlers.discarding());
      }
      Waiting.until(
          () ->
              platform.workload(service.word()).members().stream()
                  .allMatch(m ->
                      m.lastExit().equals(OUT_OF_MEMORY)
                          && m.restarts() > restarts.getOrDefault(m.id(), 0)),
          PATIENCE,
          () -> "not all ended for want of memory of " + platform.workload(service.word()));
      http.shutdownNow();
    }
    return Disaster.of(Fault.OUT_OF_MEMORY, at, before.stream().map(Member::id).toList());
  }

  private static HttpRequest exhausting(Member member) {
    String base = "http://" + member.address() + ":" + LabAddresses.SERVICE_PORT;
    return HttpRequest.newBuilder(URI.create(base + "/lab/out-of-memory"))
        .timeout(PATIENCE)
        .POST(BodyPublishers.noBody())
        .build();
  }

  private Disaster halt(Fault fault, List<MemberId> hit) {
    Set<Long> halted = new HashSet<>();
    for (List<Long> fresh = fresh(hit, halted); !fresh.isEmpty(); fresh = fresh(hit, halted)) {
      fresh.forEach(pid -> signals.send(pid, Signals.STOP));
      halted.addAll(fresh);
    }
    refuseNothing(halted.isEmpty(), "none of " + hit + " has a process");
    return Disaster.of(fault, clock.instant(), hit);
  }

  private List<Long> fresh(List<MemberId> members, Set<Long> known) {
    List<Long> fresh = new ArrayList<>();
    for (MemberId member : members) {
      platform.processes(member).stream()
          .map(MemberProcess::pid)
          .filter(pid -> !known.contains(pid))
          .forEach(fresh::add);
    }
    return fresh;
  }

  private List<MemberId> members(LabService service) {
    return platform.workload(service.word()).members().stream().map(Member::id).toList();
  }

  private Token token() {
    return new Token(Math.max(LabSupervisor.TOKEN.value(), platform.highestToken()));
  }

  private static void refuseNothing(boolean nothing, String what) {
    if (nothing) {
      throw new ChrysalisException(
          LabErrors.FAULT_FAILED,
          "there is nothing to break: " + what,
          "see chrysalis lab status; recover the lab, or make a new one with lab down and lab up");
    }
  }

  private static ChrysalisException failed(String what, Exception cause) {
    return new ChrysalisException(
        LabErrors.FAULT_FAILED,
        what,
        "see chrysalis lab status; a broken lab is replaced with lab down and lab up",
        cause);
  }
}
