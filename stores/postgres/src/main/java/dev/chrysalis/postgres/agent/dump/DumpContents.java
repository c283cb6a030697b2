package dev.chrysalis.postgres.agent.dump;

import java.util.Map;
import java.util.Set;

/// What a look through a whole dump has found.
///
/// @param rows of each table that it fills, by the name that the dump gives it (quoted where SQL
///   needs that)
/// @param roles whom it makes an owner, or gives rights to
/// @param version of the server that it was taken from, as it says: `15.8`; empty where it does not
/// @param bytes of SQL
/// @param sha256 of the compressed bytes, in hexadecimal digits: these and no others were looked at
public record DumpContents(
    Map<String, Long> rows, Set<String> roles, String version, long bytes, String sha256) {
  public DumpContents {
    rows = Map.copyOf(rows);
    roles = Set.copyOf(roles);
  }

  /// How many rows all tables have.
  public long allRows() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }
}
