package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Reconciled;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The word that what was restored is to lead from now on: until then the old data comes back when
/// anything fails, afterwards replicas copy it and clients write to it. Changes nothing but that
/// the vault knows it. Parameters: those of `RedisGroup`; `member`; `started-by`; `measured-by`,
/// the step that saw what is left out.
public record AcceptRestored(RedisViews views, RestorePoints vault) implements Action {
  public static final String NAME = "redis.accept-restored";
  static final String STARTED_BY = "started-by";
  static final String MEASURED_BY = "measured-by";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, String> choices = new HashMap<>();
    choices.put("member", ConfigureMember.member(context.step()).toString());
    choices.putAll(context.evidenceOf(Parameters.of(context.step(), STARTED_BY)));
    String fewer = choices.get("fewer");
    if (fewer != null) {
      context.note(
          fewer + " keys fewer than were expected: they may have expired; look before you accept");
    }
    String measured =
        context
            .evidenceOf(context.step().parameters().getOrDefault(MEASURED_BY, ""))
            .getOrDefault("discarded", "");
    if (!measured.isEmpty()) {
      choices.put("discarded", measured);
      context.note("left out for good: " + measured + "; the vault keeps it");
    }
    return choices;
  }

  /// It leads already when this step begins; the vault has to be told all the same.
  @Override
  public boolean alwaysActs() {
    return true;
  }

  /// To tell the vault once more changes nothing.
  @Override
  public Reconciled reconcile(StepContext context) {
    return new Reconciled.DidNotHappen("the vault is told again");
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId member = ConfigureMember.member(context.step());
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("the word that it may lead");
    }
    return views
        .server(member)
        .filter(MemberView::leads)
        .<Probe>map(_ -> new Probe.Reached(context.choices()))
        .orElseGet(() -> new Probe.Waiting(member + " to lead with what was restored"));
  }

  @Override
  public void act(StepContext context) {
    // Whatever it holds: few keys do not mean any more that it came up empty.
    vault.accept(context.clock().instant());
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("# look at the data; from here on there is no way back to the old");
  }
}
