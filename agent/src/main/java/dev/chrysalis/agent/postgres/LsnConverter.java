package dev.chrysalis.agent.postgres;

import dev.chrysalis.postgres.Lsn;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a WAL position from the command line, `0/3000148` or `lsn:0/3000148`.
final class LsnConverter implements ITypeConverter<Lsn> {
  @Override
  public Lsn convert(String value) {
    try {
      return Lsn.parse(value.startsWith("lsn:") ? value.substring(4) : value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("not a WAL position: " + value);
    }
  }
}
