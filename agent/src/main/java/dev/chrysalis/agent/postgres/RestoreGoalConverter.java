package dev.chrysalis.agent.postgres;

import dev.chrysalis.postgres.RestoreGoal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads what a restore is to reach, in a form of `RestoreGoal`.
public final class RestoreGoalConverter implements ITypeConverter<RestoreGoal> {
  @Override
  public RestoreGoal convert(String value) {
    try {
      return RestoreGoal.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage() + " (there are: " + RestoreGoal.FORMS + ")");
    }
  }
}
