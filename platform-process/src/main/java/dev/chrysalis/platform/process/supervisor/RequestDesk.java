package dev.chrysalis.platform.process.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.process.MemberProcess;
import dev.chrysalis.platform.process.supervisor.AgentExec.Replies;
import dev.chrysalis.platform.process.wire.Json;
import dev.chrysalis.platform.process.wire.Reply;
import dev.chrysalis.platform.process.wire.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// Answers requests. Safe for many threads.
final class RequestDesk {
  private static final Pattern CONTAINER = Pattern.compile("[a-z0-9][a-z0-9-]*");

  private final Desk desk;
  private final Machine machine;
  private final Keepers keepers;
  private final Workloads workloads;
  private final Fences fences;
  private final VolumeRoom volumes;
  private final VolumeUse use;
  private final ScratchWorkloads scratch;
  private final AgentExec agents;
  private final Runnable shutdown;

  RequestDesk(
      Desk desk,
      Machine machine,
      Keepers keepers,
      VolumeRoom volumes,
      AgentExec agents,
      Runnable shutdown) {
    this.desk = desk;
    this.machine = machine;
    this.keepers = keepers;
    this.workloads = new Workloads(desk, keepers, machine.events());
    this.fences = new Fences(desk, keepers, machine.processes(), machine.events(), machine.clock());
    this.volumes = volumes;
    this.use = new VolumeUse(machine.table(), machine.processes(), agents);
    this.scratch = new ScratchWorkloads(desk, keepers, fences, volumes, use, machine);
    this.agents = agents;
    this.shutdown = shutdown;
  }

  void answer(Request request, Replies replies) throws IOException {
    if (request instanceof Request.Exec(MemberId member, List<String> arguments)) {
      agents.run(member, desk.wanted(member), arguments, replies);
    } else {
      replies.send(new Reply.Result(result(request)));
    }
  }

  private JsonNode result(Request request) {
    return switch (request) {
      case Request.Ping() -> Json.tree(ProcessHandle.current().pid());
      case Request.Shutdown() -> nothing(shutdown);
      case Request.Workloads() -> Json.tree(workloads.all());
      case Request.OneWorkload(String name) -> Json.tree(workloads.one(name));
      case Request.Events(String name, int newest) -> events(name, newest);
      case Request.Logs(MemberId m, String container, int newest) -> logs(m, container, newest);
      case Request.FencingOf(MemberId m) -> Json.tree(fences.look(m));
      case Request.VolumeOf(MemberId m) -> volume(m);
      case Request.Asides(String name) -> Json.tree(asides(name));
      case Request.Processes(MemberId m) -> Json.tree(processes(m));
      case Request.HighestToken() -> Json.tree(desk.highest());
      case Request.Exec _ -> throw new IllegalStateException("an exec has no single result");
      case Request.Changing changing -> changed(changing);
    };
  }

  private JsonNode changed(Request.Changing request) {
    return switch (request) {
      case Request.Apply(Token t, var spec) -> nothing(() -> workloads.apply(t, spec));
      case Request.Scale(Token t, String name, int n) -> nothing(() -> workloads.scale(t, name, n));
      case Request.Restart(Token t, String name) -> nothing(() -> workloads.restart(t, name));
      case Request.RestartMember(Token t, MemberId m) ->
          nothing(() -> workloads.restartMember(t, m));
      case Request.Rollback(Token t, String name, int revision) ->
          nothing(() -> workloads.rollback(t, name, revision));
      case Request.Configure(Token t, String name, var environment) ->
          Json.tree(workloads.configure(t, name, environment));
      case Request.Fence(Token t, MemberId m, String cause) -> Json.tree(fences.fence(t, m, cause));
      case Request.Unfence(Token t, MemberId m) -> nothing(() -> fences.unfence(t, m));
      case Request.SetAside(Token t, MemberId m, String aside) ->
          nothing(() -> setAside(t, m, aside));
      case Request.GiveBack(Token t, MemberId m, String aside) ->
          nothing(() -> moved(t, m, true, () -> volumes.giveBack(m, aside)));
      case Request.DropAside(Token t, MemberId m, String aside) ->
          nothing(() -> moved(t, m, false, () -> volumes.dropAside(m, aside)));
      case Request.CreateScratch(Token t, String like, String name, var environment) ->
          nothing(() -> scratch.create(t, like, name, environment));
      case Request.RemoveScratch(Token t, String name) -> nothing(() -> scratch.remove(t, name));
    };
  }

  private static JsonNode nothing(Runnable act) {
    act.run();
    return NullNode.getInstance();
  }

  private JsonNode events(String workload, int newest) {
    desk.workload(workload);
    return Json.tree(machine.events().of(workload, newest));
  }

  private JsonNode logs(MemberId member, String container, int newest) {
    String main = desk.wanted(member).main();
    String name = container.isEmpty() ? main : container;
    if (!CONTAINER.matcher(name).matches()) {
      return Json.tree(List.of());
    }
    try {
      return Json.tree(new ContainerLog(machine.state().logs(member), name).newest(newest));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the log of " + member, e);
    }
  }

  private List<MemberProcess> processes(MemberId member) {
    return machine.processes().of(member, desk.wanted(member).main()).stream()
        .filter(found -> !found.seen().ended())
        .map(found -> new MemberProcess(found.pid(), found.container()))
        .toList();
  }

  private JsonNode volume(MemberId member) {
    withVolume(member);
    return Json.tree(volumes.look(member));
  }

  private void setAside(Token token, MemberId member, String aside) {
    withVolume(member);
    // Measured before the gate is taken, because it may take long.
    long bytes = volumes.bytes(member);
    moved(token, member, true, () -> volumes.setAside(member, aside, bytes));
  }

  private void moved(Token token, MemberId member, boolean mustBeUnused, Runnable move) {
    MemberKeeper keeper = keepers.of(member);
    withVolume(member);
    desk.change(
        token,
        () -> {
          keeper.starts().lock();
          try {
            if (mustBeUnused) {
              use.refuseIfUsed(member, desk.wanted(member).main());
            }
            move.run();
            return true;
          } finally {
            keeper.starts().unlock();
          }
        });
    keeper.poke();
    Thread.ofVirtual().start(volumes::emptyTrash);
  }

  private void withVolume(MemberId member) {
    if (!desk.workloadOf(member).spec().hasVolume()) {
      throw new ChrysalisException(
          PlatformErrors.BAD_SPECIFICATION,
          member.workload() + " has no volumes",
          "Name a datastore.");
    }
    MemberKeeper keeper = keepers.of(member);
    keeper.starts().lock();
    try {
      volumes.prepare(member);
    } finally {
      keeper.starts().unlock();
    }
  }

  private List<Aside> asides(String workload) {
    var all = new ArrayList<Aside>();
    for (int i = 0; i < desk.workload(workload).spec().addresses().size(); i++) {
      all.addAll(volumes.asides(new MemberId(workload, i)));
    }
    all.sort(Comparator.comparing(Aside::at));
    return all;
  }
}
