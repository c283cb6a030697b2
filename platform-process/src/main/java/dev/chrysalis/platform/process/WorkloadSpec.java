package dev.chrysalis.platform.process;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.Workload;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What the supervisor runs under one name. Secrets do not belong in it: it is stored as it is.
///
/// @param replicas how many members are wanted when the workload is first applied
/// @param environment variables of all containers and of the agent, which win over a container's
///   own; `configure` changes them
/// @param agent the agent's command, to which the arguments of an exec are added; may be empty
/// @param hasVolume whether each member has a volume of its own, which outlives its processes
/// @param addresses the member's addresses by ordinal; their number is the most members that there
///   can be
/// @param progressDeadlineMillis when a rollout that stands still is reported as an event
public record WorkloadSpec(
    String name,
    Workload.Kind kind,
    int replicas,
    List<ContainerSpec> containers,
    Map<String, String> environment,
    List<String> agent,
    boolean hasVolume,
    List<String> addresses,
    StopSpec stop,
    long progressDeadlineMillis) {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]+");

  public WorkloadSpec {
    checkedMember(name, 0);
    if (containers.isEmpty()) {
      throw bad("workload " + name + " has no container");
    }
    if (replicas < 0 || replicas > addresses.size()) {
      throw bad(name + " has addresses for " + addresses.size() + " members, not " + replicas);
    }
    if (!addresses.stream().allMatch(a -> ADDRESS.matcher(a).matches())) {
      throw bad(name + " has addresses that are none: " + addresses);
    }
    containers = List.copyOf(containers);
    if (containers.stream().map(ContainerSpec::name).distinct().count() != containers.size()) {
      throw bad(name + " has two containers of one name");
    }
    environment = checkedEnvironment(environment);
    agent = List.copyOf(agent);
    addresses = List.copyOf(addresses);
  }

  /// The container that decides over the member's phase.
  @JsonIgnore
  public ContainerSpec main() {
    return containers.getFirst();
  }

  static Map<String, String> checkedEnvironment(Map<String, String> environment) {
    for (String name : environment.keySet()) {
      if (!VARIABLE.matcher(name).matches() || name.startsWith("CHRYSALIS_PROCESS")) {
        throw bad("not a variable's name: " + name);
      }
    }
    return Map.copyOf(environment);
  }

  private static void checkedMember(String workload, int ordinal) {
    try {
      var _ = new MemberId(workload, ordinal);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          PlatformErrors.BAD_SPECIFICATION,
          "not a workload's name: " + workload,
          "Use up to 42 of a-z, 0-9 and -, starting with a letter.",
          e);
    }
  }

  static ChrysalisException bad(String message) {
    return new ChrysalisException(
        PlatformErrors.BAD_SPECIFICATION, message, "Correct the workload's specification.");
  }
}
