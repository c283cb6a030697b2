package dev.chrysalis.platform.process.supervisor;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.WorkloadSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What is wanted of a workload, as it lies on disk.
///
/// @param generation grows with each restart that was asked for
/// @param revisions oldest first; the last is the current one
/// @param assigned by ordinal, what the rollout has handed to each member so far
/// @param fences by ordinal
record WorkloadRecord(
    WorkloadSpec spec,
    int replicas,
    int generation,
    List<Revision> revisions,
    Map<Integer, Assigned> assigned,
    Map<Integer, Fence> fences) {
  private static final int KEPT_REVISIONS = 10;

  WorkloadRecord {
    revisions = List.copyOf(revisions);
    assigned = Map.copyOf(assigned);
    fences = Map.copyOf(fences);
  }

  /// What the containers of a workload run.
  ///
  /// @param proven whether a member has been ready with it
  record Revision(
      int number, List<ContainerSpec> containers, Map<String, String> environment, boolean proven) {
    Revision {
      containers = List.copyOf(containers);
      environment = Map.copyOf(environment);
    }

    boolean sameContentAs(Revision other) {
      return containers.equals(other.containers) && environment.equals(other.environment);
    }
  }

  /// What a member's processes must be of. Processes of another triple are replaced.
  ///
  /// @param renewal grows with each restart of this very member
  record Assigned(int revision, int generation, int renewal) {}

  /// Why a member must not run.
  record Fence(Token token, String cause, Instant at) {}

  static WorkloadRecord first(WorkloadSpec spec) {
    var revision = new Revision(1, spec.containers(), spec.environment(), false);
    var record =
        new WorkloadRecord(spec, spec.replicas(), 1, List.of(revision), Map.of(), Map.of());
    var assigned = new TreeMap<Integer, Assigned>();
    for (int i = 0; i < spec.addresses().size(); i++) {
      assigned.put(i, new Assigned(1, 1, 0));
    }
    return record.withAssigned(assigned);
  }

  @JsonIgnore
  Revision current() {
    return revisions.getLast();
  }

  Optional<Revision> revision(int number) {
    return revisions.stream().filter(r -> r.number() == number).findFirst();
  }

  Assigned assignedTo(int ordinal) {
    return assigned.getOrDefault(ordinal, new Assigned(current().number(), generation, 0));
  }

  /// What a member runs; the current revision where its own was forgotten.
  Revision revisionOf(int ordinal) {
    return revision(assignedTo(ordinal).revision()).orElse(current());
  }

  boolean hasMember(int ordinal) {
    return ordinal >= 0 && ordinal < spec.addresses().size();
  }

  boolean upToDate(int ordinal) {
    Assigned a = assignedTo(ordinal);
    return a.revision() == current().number() && a.generation() == generation;
  }

  /// The same, where members have been ready with these revisions.
  WorkloadRecord withProven(Set<Integer> numbers) {
    List<Revision> marked =
        revisions.stream()
            .map(r ->
                new Revision(
                    r.number(),
                    r.containers(),
                    r.environment(),
                    r.proven() || numbers.contains(r.number())))
            .toList();
    return new WorkloadRecord(spec, replicas, generation, marked, assigned, fences);
  }

  WorkloadRecord withReplicas(int wanted) {
    return new WorkloadRecord(spec, wanted, generation, revisions, assigned, fences);
  }

  WorkloadRecord withNextGeneration() {
    return new WorkloadRecord(spec, replicas, generation + 1, revisions, assigned, fences);
  }

  WorkloadRecord withAssigned(Map<Integer, Assigned> changed) {
    var merged = new TreeMap<>(assigned);
    merged.putAll(changed);
    return new WorkloadRecord(spec, replicas, generation, revisions, merged, fences);
  }

  /// Adds a revision as the current one, and forgets the oldest beyond ten.
  WorkloadRecord withRevision(
      WorkloadSpec newSpec, List<ContainerSpec> containers, Map<String, String> environment) {
    var next = new Revision(current().number() + 1, containers, environment, false);
    var kept = new ArrayList<Revision>(revisions);
    kept.add(next);
    while (kept.size() > KEPT_REVISIONS) {
      kept.removeFirst();
    }
    return new WorkloadRecord(newSpec, replicas, generation, kept, assigned, fences);
  }

  WorkloadRecord withFence(int ordinal, Fence fence) {
    var changed = new TreeMap<>(fences);
    changed.put(ordinal, fence);
    return new WorkloadRecord(spec, replicas, generation, revisions, assigned, changed);
  }

  WorkloadRecord withoutFence(int ordinal) {
    var changed = new TreeMap<>(fences);
    changed.remove(ordinal);
    return new WorkloadRecord(spec, replicas, generation, revisions, assigned, changed);
  }
}
