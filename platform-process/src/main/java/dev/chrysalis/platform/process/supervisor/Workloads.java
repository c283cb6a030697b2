package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.WorkloadSpec;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Assigned;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Revision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// What can be asked and changed of workloads: scale, revisions, restarts.
final class Workloads {
  private final Desk desk;
  private final Keepers keepers;
  private final EventLog events;

  Workloads(Desk desk, Keepers keepers, EventLog events) {
    this.desk = desk;
    this.keepers = keepers;
    this.events = events;
  }

  List<Workload> all() {
    return desk.workloads().values().stream().map(this::observed).toList();
  }

  Workload one(String name) {
    return observed(desk.workload(name));
  }

  void apply(Token token, WorkloadSpec spec) {
    desk.change(
        token,
        () -> {
          WorkloadRecord known = desk.workloads().get(spec.name());
          WorkloadRecord wanted = known == null ? WorkloadRecord.first(spec) : merged(known, spec);
          return change(wanted, "Applied", "revision " + wanted.current().number());
        });
  }

  void scale(Token token, String name, int replicas) {
    changed(
        token,
        name,
        "Scaled",
        w -> {
          if (replicas < 0 || replicas > w.spec().addresses().size()) {
            throw bad(
                name
                    + " cannot have "
                    + replicas
                    + " members: it has addresses for "
                    + w.spec().addresses().size());
          }
          refuseScratchAddresses(w, replicas);
          return w.withReplicas(replicas);
        });
  }

  /// A scratch has an address of its model for as long as it is there.
  private void refuseScratchAddresses(WorkloadRecord w, int replicas) {
    List<String> wanted = w.spec().addresses().subList(0, replicas);
    for (WorkloadRecord other : desk.workloads().values()) {
      boolean scratch =
          w.spec().name().equals(other.current().environment().get(Platform.SCRATCH_OF));
      if (scratch && wanted.contains(other.spec().addresses().getFirst())) {
        throw bad(
            w.spec().name()
                + " lacks an address for "
                + replicas
                + " members while "
                + other.spec().name()
                + " is there");
      }
    }
  }

  void restart(Token token, String name) {
    changed(token, name, "Restarting", WorkloadRecord::withNextGeneration);
  }

  void restartMember(Token token, MemberId member) {
    desk.workloadOf(member);
    changed(
        token,
        member.workload(),
        "Restarting",
        w -> {
          Assigned a = w.assignedTo(member.ordinal());
          var renewed = new Assigned(a.revision(), a.generation(), a.renewal() + 1);
          return w.withAssigned(Map.of(member.ordinal(), renewed));
        });
  }

  void rollback(Token token, String name, int revision) {
    changed(
        token,
        name,
        "RollingBack",
        w -> {
          Revision old =
              w.revision(revision)
                  .orElseThrow(() ->
                      new ChrysalisException(
                          PlatformErrors.NO_SUCH_REVISION,
                          name + " has no revision " + revision,
                          "Choose one of "
                              + w.revisions().stream().map(Revision::number).toList()
                              + "."));
          return old.equals(w.current())
              ? w
              : w.withRevision(w.spec(), old.containers(), old.environment());
        });
  }

  int configure(Token token, String name, Map<String, String> environment) {
    return changed(
            token,
            name,
            "Configured",
            w -> {
              var merged = new HashMap<>(w.current().environment());
              merged.putAll(environment);
              return merged.equals(w.current().environment())
                  ? w
                  : w.withRevision(w.spec(), w.current().containers(), merged);
            })
        .current()
        .number();
  }

  private WorkloadRecord changed(
      Token token, String name, String reason, UnaryOperator<WorkloadRecord> change) {
    return desk.change(
        token,
        () -> {
          WorkloadRecord before = desk.workload(name);
          WorkloadRecord after = change.apply(before);
          return after.equals(before)
              ? before
              : change(
                  after,
                  reason,
                  after.replicas()
                      + " members, revision "
                      + after.current().number()
                      + ", token "
                      + token);
        });
  }

  private WorkloadRecord change(WorkloadRecord wanted, String reason, String message) {
    desk.put(wanted);
    events.add(wanted.spec().name(), reason, message);
    keepers.attend(wanted);
    return wanted;
  }

  /// A specification that is applied again keeps the scale and what was configured since; where its
  /// containers changed, it is a new revision.
  private static WorkloadRecord merged(WorkloadRecord known, WorkloadSpec spec) {
    if (spec.equals(known.spec())) {
      return known;
    }
    if (spec.addresses().size() < known.spec().addresses().size()) {
      throw bad(spec.name() + " cannot lose addresses");
    }
    var environment = new HashMap<>(known.current().environment());
    environment.putAll(spec.environment());
    return known.withRevision(spec, spec.containers(), environment);
  }

  private Workload observed(WorkloadRecord w) {
    var members = new ArrayList<Member>();
    for (int i = 0; i < w.spec().addresses().size(); i++) {
      var id = new MemberId(w.spec().name(), i);
      Observed o = keepers.of(id).observed();
      if (i < w.replicas() || o.processes() || w.fences().containsKey(i)) {
        members.add(
            new Member(
                id,
                w.spec().addresses().get(i),
                o.phase(),
                o.ready() && isCurrent(w, i, o),
                o.restarts(),
                shownRevision(w, i, o),
                o.since(),
                o.lastExit()));
      }
    }
    return new Workload(
        w.spec().name(),
        w.spec().kind(),
        w.replicas(),
        w.current().number(),
        w.revisions().stream().map(Revision::number).toList(),
        w.revisions().stream().filter(Revision::proven).map(Revision::number).toList(),
        w.current().environment(),
        members);
  }

  /// A member that is to be replaced, but still is what it was, must not be taken for the new one.
  private static boolean isCurrent(WorkloadRecord w, int ordinal, Observed o) {
    return w.upToDate(ordinal)
        ? o.assigned().equals(w.assignedTo(ordinal))
        : w.assignedTo(ordinal).revision() != w.current().number()
            || w.assignedTo(ordinal).generation() == w.generation();
  }

  private static int shownRevision(WorkloadRecord w, int ordinal, Observed o) {
    return o.processes() ? o.assigned().revision() : w.assignedTo(ordinal).revision();
  }

  private static ChrysalisException bad(String message) {
    return new ChrysalisException(
        PlatformErrors.BAD_SPECIFICATION, message, "Choose a number that the workload allows.");
  }
}
