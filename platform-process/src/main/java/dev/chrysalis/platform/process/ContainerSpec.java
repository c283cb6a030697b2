package dev.chrysalis.platform.process;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// One program of a member. The first container of a workload is the main one: it decides over
/// readiness, phase and restarts; the others run beside it and are restarted on their own.
///
/// Command and values may hold `${member.name}`, `${member.ordinal}`, `${member.address}`,
/// `${member.volume}` and `${member.scratch}`.
///
/// @param name names its log: `[a-z0-9-]+`, not `agent`
public record ContainerSpec(
    String name, List<String> command, Map<String, String> environment, Readiness readiness) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,40}");

  public ContainerSpec {
    if (!NAME.matcher(name).matches() || name.equals("agent")) {
      throw WorkloadSpec.bad("not a container's name: " + name);
    }
    if (command.isEmpty()) {
      throw WorkloadSpec.bad("container " + name + " has no command");
    }
    command = List.copyOf(command);
    environment = WorkloadSpec.checkedEnvironment(environment);
  }
}
