package dev.chrysalis.engine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/// Plans of all shapes: up to 9 steps of all kinds, each after some of the earlier ones.
final class RandomPlans {
  private static final List<StepKind> KINDS = List.copyOf(EnumSet.allOf(StepKind.class));

  private RandomPlans() {}

  static Plan next(Random random) {
    List<Step> steps = new ArrayList<>();
    int count = 1 + random.nextInt(9);
    for (int i = 0; i < count; i++) {
      StepBuilder step = random.nextBoolean() ? Stage.step("s" + i) : Stage.undoable("s" + i);
      step.kind(KINDS.get(random.nextInt(KINDS.size())));
      for (Step before : steps) {
        if (random.nextInt(3) == 0) {
          step.after(before.id());
        }
      }
      if (random.nextInt(4) == 0) {
        step.destructive();
      }
      steps.add(step.build());
    }
    return Stage.plan(steps);
  }
}
