package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.process.supervisor.ProcessTable.Seen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds every process of a member, also those that no record knows: of a supervisor that was
/// killed between starting and recording, or children that outlived their parent.
///
/// 1. A process whose environment carries our mark says itself which container it belongs to.
/// 2. PostgreSQL and others write their title over their environment, and call `setsid`. Such a
///    process counts by where it works: in the member's volume or scratch directory.
/// 3. Unless a parent of it is marked: then it belongs to that container (an agent's child must not
///    be taken for the server).
///
/// Property: a process that was started for a member and has neither changed its directory nor
/// wiped its environment is found, whoever its parent is by now.
final class MemberProcesses {
  /// The variable that marks a process: `IDENTITY/MEMBER/CONTAINER`.
  static final String MARK = "CHRYSALIS_PROCESS";

  /// The container name of what runs beside a member on behalf of the controller.
  static final String AGENT = "agent";

  private final StateDirectory state;
  private final ProcessTable table;

  MemberProcesses(StateDirectory state, ProcessTable table) {
    this.state = state;
    this.table = table;
  }

  /// A process of a member.
  record Found(Seen seen, MemberId member, String container) {
    boolean agent() {
      return container.equals(AGENT);
    }

    long pid() {
      return seen.id().pid();
    }
  }

  String mark(MemberId member, String container) {
    return state.identity() + "/" + member + "/" + container;
  }

  /// Everything that runs for the member, agents too.
  List<Found> of(MemberId member, String mainContainer) {
    var byPid = new HashMap<Long, Seen>();
    table.all().forEach(seen -> byPid.put(seen.id().pid(), seen));
    var found = new ArrayList<Found>();
    for (Seen seen : byPid.values()) {
      container(seen, byPid, member, mainContainer)
          .ifPresent(container -> found.add(new Found(seen, member, container)));
    }
    return found;
  }

  /// The member's own processes that still run: all but agents and zombies.
  List<Found> serversOf(MemberId member, String mainContainer) {
    return of(member, mainContainer).stream().filter(f -> !f.agent() && !f.seen().ended()).toList();
  }

  private Optional<String> container(
      Seen seen, Map<Long, Seen> byPid, MemberId member, String mainContainer) {
    Optional<String> mark = table.variable(seen.id().pid(), MARK);
    if (mark.isPresent()) {
      return containerOf(mark.get(), member);
    }
    if (!worksFor(seen.id().pid(), member)) {
      return Optional.empty();
    }
    return Optional.of(inherited(seen, byPid, member).orElse(mainContainer));
  }

  private Optional<String> inherited(Seen seen, Map<Long, Seen> byPid, MemberId member) {
    Seen parent = byPid.get(seen.parent());
    for (int depth = 0; parent != null && depth < 64; depth++) {
      Optional<String> container =
          table.variable(parent.id().pid(), MARK).flatMap(mark -> containerOf(mark, member));
      if (container.isPresent()) {
        return container;
      }
      parent = byPid.get(parent.parent());
    }
    return Optional.empty();
  }

  private Optional<String> containerOf(String mark, MemberId member) {
    String prefix = mark(member, "");
    return mark.startsWith(prefix)
        ? Optional.of(mark.substring(prefix.length()))
        : Optional.empty();
  }

  private boolean worksFor(long pid, MemberId member) {
    Optional<Path> directory = table.directory(pid);
    return directory.isPresent()
        && (directory.get().startsWith(state.volume(member))
            || directory.get().startsWith(state.scratch(member))
            || wasRemoved(directory.get(), member));
  }

  private boolean wasRemoved(Path directory, MemberId member) {
    String removed = " (deleted)";
    String text = directory.toString();
    return text.endsWith(removed)
        && Path.of(text.substring(0, text.length() - removed.length()))
            .startsWith(state.volume(member));
  }
}
