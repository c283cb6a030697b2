package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.Map;

/// Which member is the primary for a step: the parameter `primary`, or the `candidate` that the
/// step named by `primary-from` chose.
final class Primary {
  private Primary() {}

  static MemberId of(StepContext context) {
    Map<String, String> parameters = context.step().parameters();
    String given = parameters.get("primary");
    if (given != null) {
      return MemberId.parse(given);
    }
    String from = Parameters.of(context.step(), "primary-from");
    return MemberId.parse(Parameters.of(context.choicesOf(from), "candidate", "step " + from));
  }
}
