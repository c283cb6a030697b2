package dev.chrysalis.recovery.services;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.platform.Member;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A service, and what was found of it.
///
/// @param service its name in the stack file
public record ServiceSituation(String service, ServiceState state, ServiceView view) {
  /// Whether something must be done about the service itself. Members that start while others serve
  /// are no trouble yet: a rollout does that as well.
  public boolean troubled() {
    return switch (state) {
      case ServiceState.Well _, ServiceState.Waits _ -> false;
      // One that says that it is ready is about to be seen so by its probe.
      case ServiceState.Starting _ -> view.healthy().isEmpty();
      case ServiceState.Hung _,
          ServiceState.Ended _,
          ServiceState.NotReady _,
          ServiceState.BadRelease _ ->
          true;
      case ServiceState.ScaledAway _ -> state.remedy() != Remedy.NONE;
    };
  }

  /// Whether others that need it are served.
  public boolean serves() {
    return view.serves();
  }

  /// What a person is told; empty where it is well.
  public Optional<Finding> finding() {
    if (state instanceof ServiceState.Well) {
      return Optional.empty();
    }
    String memory = view.exhausted().isEmpty() ? "" : "; memory ran out in " + view.exhausted();
    return Optional.of(
        new Finding(
            state.kind(), severity(), service, service + " " + state.text() + memory, evidence()));
  }

  private Severity severity() {
    if (state instanceof ServiceState.Starting && !troubled()) {
      return Severity.NOTICE;
    }
    return serves() ? Severity.WARNING : Severity.CRITICAL;
  }

  private Map<String, String> evidence() {
    Map<String, String> evidence = new TreeMap<>();
    evidence.put("ready", view.ready() + " of " + view.workload().replicas());
    evidence.put("revision", Integer.toString(view.workload().revision()));
    evidence.put("provenRevisions", view.workload().proven().toString());
    for (Member m : view.unready()) {
      String answers = view.answering().contains(m.id()) ? ", answers" : ", answers nothing";
      String exit = m.lastExit().isEmpty() ? "" : ", last ended with " + m.lastExit();
      evidence.put(
          m.id().toString(),
          "%s since %s, revision %d%s%s"
              .formatted(m.phase(), m.since(), m.revision(), answers, exit));
    }
    return evidence;
  }
}
