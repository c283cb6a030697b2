package dev.chrysalis.agent.task;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.model.ChrysalisException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// What an agent's process was given: variables, output and a clock.
///
/// @param program the main class with which the process of a job is started
public record AgentEnvironment(
    Map<String, String> variables,
    PrintStream out,
    PrintStream err,
    InstantSource clock,
    String program) {
  public AgentEnvironment {
    variables = Map.copyOf(variables);
  }

  /// A variable's value; empty where it is not set or blank.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(v -> !v.isBlank());
  }

  /// A variable's value, or an error that names the option which sets the same.
  public String required(String name, String option) {
    return variable(name)
        .orElseThrow(() ->
            new ChrysalisException(
                AgentErrors.MISSING_SETTING,
                "neither " + option + " nor " + name + " is set",
                "give " + option + ", or set " + name));
  }
}
