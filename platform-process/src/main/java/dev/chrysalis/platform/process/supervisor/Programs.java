package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.process.ContainerSpec;
import dev.chrysalis.platform.process.supervisor.WorkloadRecord.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Starts containers and agents: placeholders, environment, working directory, a session of their
/// own. Of the supervisor's environment only a few harmless variables are handed on, so that no
/// secret of whoever started it reaches a member.
final class Programs {
  private static final Set<String> HANDED_ON =
      Set.of("PATH", "LANG", "LC_ALL", "TZ", "JAVA_HOME", "TMPDIR");

  private final StateDirectory state;
  private final MemberProcesses processes;
  private final Map<String, String> surroundings;
  private final List<String> session;

  Programs(StateDirectory state, MemberProcesses processes, Map<String, String> surroundings) {
    this.state = state;
    this.processes = processes;
    this.surroundings = surroundings;
    this.session = sessionCommand(surroundings.getOrDefault("PATH", "/usr/bin:/bin"));
  }

  /// A container's process, printing to its log.
  Process start(MemberId member, Wanted wanted, ContainerSpec container) throws IOException {
    Path log = new ContainerLog(state.logs(member), container.name()).begin();
    var builder = builder(member, wanted, container.command(), container.name());
    builder.environment().putAll(expanded(container.environment(), member, wanted));
    builder.environment().putAll(expanded(wanted.revision().environment(), member, wanted));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /// An agent's process, with pipes.
  Process startAgent(MemberId member, Wanted wanted, List<String> arguments) throws IOException {
    var command = new ArrayList<String>();
    wanted.spec().agent().forEach(word -> command.add(expand(word, member, wanted)));
    command.addAll(arguments);
    var builder = builder(member, wanted, List.of(), MemberProcesses.AGENT);
    var whole = new ArrayList<>(session);
    whole.addAll(command);
    builder.command(whole);
    Revision revision = wanted.revision();
    builder.environment().putAll(expanded(revision.environment(), member, wanted));
    return builder.start();
  }

  private ProcessBuilder builder(
      MemberId member, Wanted wanted, List<String> command, String container) throws IOException {
    Path scratch = state.scratch(member);
    DurableFile.makeDirectory(scratch);
    var whole = new ArrayList<>(session);
    command.forEach(word -> whole.add(expand(word, member, wanted)));
    var builder =
        new ProcessBuilder(whole)
            .directory(scratch.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Map<String, String> environment = builder.environment();
    environment.clear();
    surroundings.forEach((name, value) -> {
      if (HANDED_ON.contains(name)) {
        environment.put(name, value);
      }
    });
    environment.put("HOME", scratch.toString());
    environment.put("CHRYSALIS_MEMBER", member.toString());
    environment.put("CHRYSALIS_WORKLOAD", member.workload());
    environment.put("CHRYSALIS_ORDINAL", Integer.toString(member.ordinal()));
    environment.put("CHRYSALIS_ADDRESS", wanted.address());
    environment.put("CHRYSALIS_SCRATCH", scratch.toString());
    if (wanted.spec().hasVolume()) {
      environment.put("CHRYSALIS_VOLUME", state.volume(member).toString());
    }
    environment.put(MemberProcesses.MARK, processes.mark(member, container));
    return builder;
  }

  private Map<String, String> expanded(Map<String, String> values, MemberId member, Wanted wanted) {
    var expanded = new HashMap<String, String>();
    values.forEach((name, value) -> expanded.put(name, expand(value, member, wanted)));
    return expanded;
  }

  private String expand(String text, MemberId member, Wanted wanted) {
    return text.replace("${member.name}", member.toString())
        .replace("${member.ordinal}", Integer.toString(member.ordinal()))
        .replace("${member.address}", wanted.address())
        .replace("${member.volume}", state.volume(member).toString())
        .replace("${member.scratch}", state.scratch(member).toString());
  }

  private static List<String> sessionCommand(String path) {
    for (String directory : path.split(":", -1)) {
      Path setsid = Path.of(directory.isEmpty() ? "." : directory, "setsid");
      if (Files.isExecutable(setsid)) {
        return List.of(setsid.toString());
      }
    }
    return List.of();
  }
}
