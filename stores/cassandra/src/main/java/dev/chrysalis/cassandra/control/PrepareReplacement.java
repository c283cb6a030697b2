package dev.chrysalis.cassandra.control;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.control.MemberView.Peer;
import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Makes the next start of a node on an empty volume the replacement of the node that it was, once
/// the others have noticed that that one is gone: they let nobody take the place of one that they
/// hear. Parameters: `workload`, `member`.
///
/// Choices: `replaced`, the address of the node that is gone, and its `hostId`: by its name in the
/// vault where the vault knows the member, else by the member's address; `seeds`, those that serve.
public record PrepareReplacement(RingViews views, CassandraAgents agents, RestorePoints vault)
    implements Action {
  public static final String NAME = "cassandra.replace";
  static final String REPLACED = "replaced";
  static final String HOST_ID = "hostId";
  private static final String SEEDS = "seeds";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    MemberId member = RingSteps.member(context.step());
    RingState ring = views.of(Parameters.of(context.step(), RingSteps.WORKLOAD));
    String address = ring.member(member).map(MemberView::address).orElse("");
    Optional<String> known = known(member);
    List<Peer> peers = ring.serving().stream().flatMap(v -> v.peers().stream()).toList();
    Peer gone =
        peers.stream()
            .filter(p -> known.filter(p.hostId()::equals).isPresent())
            .findFirst()
            .or(() ->
                peers.stream()
                    .filter(p -> known.isEmpty() && p.address().equals(address))
                    .findFirst())
            .orElseThrow(() -> notInRing(member, address));
    String seeds =
        ring.serving().stream().map(MemberView::address).collect(Collectors.joining(","));
    return Map.of(REPLACED, gone.address(), HOST_ID, gone.hostId(), "own", address, SEEDS, seeds);
  }

  /// Replacing needs no vault.
  private Optional<String> known(MemberId member) {
    try {
      return vault.hostId(member);
    } catch (ChrysalisException e) {
      return Optional.empty();
    }
  }

  private static ChrysalisException notInRing(MemberId member, String address) {
    return new ChrysalisException(
        CassandraErrors.NOT_IN_RING,
        "no node of the ring remembers " + member + " at " + address,
        "nothing was touched by this step; if it was removed from the ring (nodetool removenode),"
            + " let it start as a new node");
  }

  @Override
  public Probe probe(StepContext context) {
    String replaced = context.choices().get(REPLACED);
    if (replaced == null) {
      return new Probe.Waiting("the node that is to be replaced");
    }
    RingState ring = views.of(Parameters.of(context.step(), RingSteps.WORKLOAD));
    if (!ring.withoutQuorum().isEmpty()) {
      return new Probe.Broken(
          "there is no quorum of ranges of " + ring.withoutQuorum() + " any more",
          "what is left may lack what was acknowledged: abort this run, and let it be found anew");
    }
    List<MemberView> serving = ring.serving();
    List<MemberId> hearing =
        RingState.ids(serving.stream().filter(v -> v.hears(replaced)).toList());
    if (serving.isEmpty() || !hearing.isEmpty()) {
      return new Probe.Waiting(
          "%s to notice that %s is gone"
              .formatted(serving.isEmpty() ? "a node" : hearing, replaced));
    }
    return agents.probe(context, RingSteps.member(context.step()), "the configuration");
  }

  @Override
  public void act(StepContext context) {
    Map<String, String> choices = context.choices();
    Map<String, String> _ =
        agents.run(
            context,
            RingSteps.member(context.step()),
            List.of(
                "cassandra",
                "replace",
                "--replaced",
                Parameters.of(choices, REPLACED, "the journal"),
                "--own",
                Parameters.of(choices, "own", "the journal"),
                "--seeds",
                Parameters.of(choices, SEEDS, "the journal")));
  }

  @Override
  public boolean undoable() {
    return true;
  }

  /// The old volume comes back: its server is to be what it was.
  @Override
  public void giveBack(StepContext context) {
    agents.takeBack(
        context, RingSteps.member(context.step()), List.of("cassandra", "started", "--stopped"));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "nodetool status   # on another node, until the lost one is DN; note its address",
        "# in the configuration of %s: take it out of its own list of seeds, auto_bootstrap on"
            .formatted(RingSteps.member(step)),
        "echo \"-Dcassandra.replace_address_first_boot=$LOST_ADDRESS\" >> jvm-server.options");
  }
}
