package dev.chrysalis.agent.job;

import dev.chrysalis.model.Token;
import dev.chrysalis.platform.job.JobId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a job's name from the command line.
final class JobIdConverter implements ITypeConverter<JobId> {
  @Override
  public JobId convert(String value) {
    try {
      return new JobId(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  /// Reads a fencing token from the command line.
  static final class OfToken implements ITypeConverter<Token> {
    @Override
    public Token convert(String value) {
      try {
        return new Token(Long.parseLong(value));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("not a token: " + value);
      }
    }
  }
}
