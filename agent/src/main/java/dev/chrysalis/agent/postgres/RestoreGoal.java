package dev.chrysalis.agent.postgres;

import dev.chrysalis.postgres.Lsn;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What a restore is to reach, as the operator says it.
sealed interface RestoreGoal {
  /// All that the vault holds.
  record Latest() implements RestoreGoal {}

  /// All records up to the one that begins there, with it.
  record AtLsn(Lsn lsn) implements RestoreGoal {}

  /// The newest commit that is not younger.
  record AtTime(Instant moment) implements RestoreGoal {}

  /// Reads `latest`, `lsn:0/3000148` or a time with its zone.
  final class Converter implements ITypeConverter<RestoreGoal> {
    @Override
    public RestoreGoal convert(String value) {
      try {
        if (value.equals("latest")) {
          return new Latest();
        }
        return value.startsWith("lsn:")
            ? new AtLsn(Lsn.parse(value.substring(4)))
            : new AtTime(OffsetDateTime.parse(value).toInstant());
      } catch (DateTimeException | IllegalArgumentException e) {
        throw new TypeConversionException(
            "not a target: " + value + " (latest, lsn:0/3000148, or 2026-11-23T02:15:30Z)");
      }
    }
  }
}
