package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.platform.job.Jobs;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Sets a fenced member's volume aside under the run's own name and leaves an empty one; where the
/// volume is gone there is nothing to set aside. Parameter `member`. Undone by giving the volume
/// back, so that a restore which fails leaves what was there before.
public record SetVolumeAside(Platform platform, Jobs jobs) implements Action {
  public static final String NAME = "volume.set-aside";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of("aside", nameOf(context.run()));
  }

  /// What the asides of a run are called.
  public static String nameOf(String run) {
    return "run-" + run.toLowerCase(Locale.ROOT);
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId id = FenceMember.member(context.step());
    String aside = context.choices().getOrDefault("aside", "");
    if (isAside(id, aside)) {
      return new Probe.Reached(Map.of("aside", aside));
    }
    Volume volume = platform.volume(id);
    return volume.state() == Volume.State.PRESENT && volume.empty()
        ? new Probe.Reached(Map.of("aside", ""))
        : new Probe.Waiting("an empty volume for " + id);
  }

  /// What earlier runs left at work on the volume is ended first.
  @Override
  public void act(StepContext context) {
    MemberId id = FenceMember.member(context.step());
    jobs.quiet(id, context.token());
    platform.setAside(
        context.token(),
        id,
        Parameters.of(context.choices(), "aside", "the journal of " + context.step().id()));
  }

  @Override
  public boolean undoable() {
    return true;
  }

  /// Nothing comes back where nothing was there to be set aside.
  @Override
  public void giveBack(StepContext context) {
    MemberId id = FenceMember.member(context.step());
    String aside = context.choices().getOrDefault("aside", "");
    jobs.quiet(id, context.token());
    if (isAside(id, aside)) {
      platform.giveBack(context.token(), id, aside);
      context.note("the data of " + id + " is back as it was");
    }
  }

  @Override
  public List<String> byHand(Step step) {
    MemberId id = FenceMember.member(step);
    return List.of(
        "# with the server stopped, in a pod that mounts its volume: rename, do not delete",
        "mkdir /volume/aside && find /volume -mindepth 1 -maxdepth 1 ! -name aside"
            + " -exec mv -t /volume/aside {} +   # "
            + id);
  }

  private boolean isAside(MemberId id, String aside) {
    return !aside.isEmpty()
        && platform.asides(id.workload()).stream()
            .anyMatch(a -> a.member().equals(id) && a.name().equals(aside));
  }
}
