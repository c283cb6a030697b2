package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformErrors;
import java.util.List;
import java.util.Map;

/// Fences a member, with proof. Parameter `member`. *Unknown* is not good enough: the step waits
/// for proof until its deadline, then fails, and nothing behind it happens.
public record FenceMember(Platform platform) implements Action {
  public static final String NAME = "member.fence";

  /// A parameter of a step that stops one of several members that serve on.
  public static final String ALONE = "alone";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(StepContext context) {
    return switch (platform.fencing(member(context.step()))) {
      case Fencing.Proven proven -> new Probe.Reached(Map.of("fenced", proven.evidence()));
      case Fencing.NotFenced _ -> new Probe.Waiting("proof that it is fenced");
      case Fencing.Unknown unknown ->
          new Probe.Waiting("proof that it is fenced: " + unknown.reason());
    };
  }

  @Override
  public void act(StepContext context) {
    Fencing fencing =
        platform.fence(context.token(), member(context.step()), "run " + context.run());
    if (fencing instanceof Fencing.Unknown unknown) {
      context.note("fencing not proven yet: " + unknown.reason());
    }
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void giveBack(StepContext context) {
    platform.unfence(context.token(), member(context.step()));
  }

  @Override
  public List<String> byHand(Step step) {
    MemberId member = member(step);
    if (step.parameters().containsKey(ALONE)) {
      return aloneByHand(member);
    }
    return List.of(
        "# stop it, keep it stopped, and see with your own eyes that it is gone",
        "kubectl scale statefulset/%s --replicas=0 -n \"$NAMESPACE\"".formatted(member.workload()),
        "kubectl wait --for=delete pod/%s -n \"$NAMESPACE\" --timeout=120s".formatted(member));
  }

  /// A pod that is deleted alone comes back at once, and with a server where the template has one.
  private static List<String> aloneByHand(MemberId member) {
    String set = "kubectl patch statefulset/%s -n \"$NAMESPACE\" ".formatted(member.workload());
    return List.of(
        "# stop its server alone, keep it stopped, and see with your own eyes that it is gone;"
            + " the others serve on: do not scale",
        set + "-p '{\"spec\":{\"updateStrategy\":{\"type\":\"OnDelete\"}}}'",
        set
            + "--type=json -p '[{\"op\":\"add\",\"path\":"
            + "\"/spec/template/spec/containers/0/command\",\"value\":[\"sleep\",\"infinity\"]}]'",
        "kubectl delete pod/%s -n \"$NAMESPACE\"".formatted(member));
  }

  /// The other way round.
  public static List<String> startAloneByHand(MemberId member) {
    String set =
        "kubectl rollout undo statefulset/%s -n \"$NAMESPACE\"".formatted(member.workload());
    return List.of(
        set + "   # the template with the server again, once",
        "kubectl delete pod/%s -n \"$NAMESPACE\"".formatted(member));
  }

  /// Stops a server that was started on restored data, with proof, so that its volume can be
  /// exchanged: what an action does that gives its start back.
  public static void stopAgain(Platform platform, StepContext context, MemberId member) {
    Fencing fencing = platform.fence(context.token(), member, "run " + context.run() + " undone");
    if (!(fencing instanceof Fencing.Proven)) {
      throw new ChrysalisException(
          PlatformErrors.VOLUME_IN_USE,
          member + " could not be stopped: " + fencing,
          "see what runs there, then resume the run");
    }
  }

  static MemberId member(Step step) {
    return MemberId.parse(Parameters.of(step, "member"));
  }
}
