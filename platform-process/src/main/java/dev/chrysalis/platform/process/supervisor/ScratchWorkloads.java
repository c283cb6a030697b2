package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.WorkloadSpec;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Fence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Workloads that are made beside another one for a while, and removed again.
///
/// 1. A scratch takes an address that its model has room for and does not use.
/// 2. It is written fenced: nothing of it runs before somebody unfences it.
/// 3. To remove it, it is fenced and its keeper ends; then its volume goes to the trash, and its
///    record last, so that a removal that was cut off can be repeated.
final class ScratchWorkloads {
  private final Desk desk;
  private final Keepers keepers;
  private final Fences fences;
  private final VolumeRoom volumes;
  private final VolumeUse use;
  private final Machine machine;

  ScratchWorkloads(
      Desk desk,
      Keepers keepers,
      Fences fences,
      VolumeRoom volumes,
      VolumeUse use,
      Machine machine) {
    this.desk = desk;
    this.keepers = keepers;
    this.fences = fences;
    this.volumes = volumes;
    this.use = use;
    this.machine = machine;
  }

  void create(Token token, String like, String name, Map<String, String> environment) {
    WorkloadRecord _ =
        desk.change(
            token,
            () -> {
              WorkloadRecord known = desk.workloads().get(name);
              if (known != null) {
                return requireScratch(known, like);
              }
              Fence fence = new Fence(token, "a scratch of " + like, machine.clock().instant());
              WorkloadRecord made =
                  WorkloadRecord.first(spec(desk.workload(like), name, environment))
                      .withFence(0, fence);
              desk.put(made);
              machine.events().add(name, "Created", "like " + like + ", token " + token);
              keepers.attend(made);
              return made;
            });
  }

  void remove(Token token, String name) {
    Optional<WorkloadRecord> known =
        desk.change(token, () -> Optional.ofNullable(desk.workloads().get(name)));
    if (known.isEmpty()) {
      return;
    }
    WorkloadRecord _ = requireScratch(known.get(), modelOf(known.get()));
    MemberId member = new MemberId(name, 0);
    if (!(fences.fence(token, member, "its removal") instanceof Fencing.Proven)) {
      throw new ChrysalisException(
          PlatformErrors.VOLUME_IN_USE,
          name + " does not end",
          "See what of it runs, then try again.");
    }
    boolean _ = desk.change(token, () -> removed(member));
    Thread.ofVirtual().start(volumes::emptyTrash);
  }

  private boolean removed(MemberId member) {
    MemberKeeper keeper = keepers.of(member);
    keeper.starts().lock();
    try {
      use.refuseIfUsed(member, desk.wanted(member).main());
      keepers.forget(member);
      volumes.forget(member);
      desk.remove(member.workload());
      machine.events().add(member.workload(), "Removed", "with its volume");
      return true;
    } finally {
      keeper.starts().unlock();
    }
  }

  private WorkloadSpec spec(WorkloadRecord model, String name, Map<String, String> more) {
    WorkloadSpec like = model.spec();
    if (!like.hasVolume()) {
      throw bad(like.name() + " has no volumes", "Name a datastore.");
    }
    Map<String, String> environment = new HashMap<>(model.current().environment());
    environment.putAll(more);
    environment.put(Platform.SCRATCH_OF, like.name());
    ContainerSpec main = model.current().containers().getFirst();
    return new WorkloadSpec(
        name,
        Workload.Kind.STATEFUL_SET,
        1,
        List.of(main),
        environment,
        like.agent(),
        true,
        List.of(freeAddress(model)),
        like.stop(),
        like.progressDeadlineMillis());
  }

  private String freeAddress(WorkloadRecord model) {
    Set<String> taken = addresses();
    List<String> all = model.spec().addresses();
    for (int ordinal = all.size() - 1; ordinal >= model.replicas(); ordinal--) {
      if (!taken.contains(all.get(ordinal))) {
        return all.get(ordinal);
      }
    }
    throw bad(
        model.spec().name() + " has no address left for one more beside it",
        "Remove one that is not needed any more.");
  }

  /// The addresses that scratches have.
  private Set<String> addresses() {
    return desk.workloads().values().stream()
        .filter(w -> w.current().environment().containsKey(Platform.SCRATCH_OF))
        .flatMap(w -> w.spec().addresses().stream())
        .collect(Collectors.toSet());
  }

  private static WorkloadRecord requireScratch(WorkloadRecord known, String like) {
    if (like.isEmpty() || !modelOf(known).equals(like)) {
      throw bad(
          known.spec().name() + " is a workload of its own, no scratch", "Choose another name.");
    }
    return known;
  }

  private static String modelOf(WorkloadRecord known) {
    return known.current().environment().getOrDefault(Platform.SCRATCH_OF, "");
  }

  private static ChrysalisException bad(String message, String hint) {
    return new ChrysalisException(PlatformErrors.BAD_SPECIFICATION, message, hint);
  }
}
