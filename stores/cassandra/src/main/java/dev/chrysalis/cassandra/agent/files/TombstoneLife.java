package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.volumes.FoundFile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// For how long every table of a server's snapshot keeps what tells that rows were deleted
/// (`gc_grace_seconds`), read from the statements that the server puts beside each. For one thread.
final class TombstoneLife {
  /// What Cassandra keeps them for where nothing else is said.
  private static final Duration USUAL = Duration.ofDays(10);

  private static final Pattern SETTING = Pattern.compile("gc_grace_seconds\\s*=\\s*([0-9]{1,10})");

  private Duration shortest = USUAL;

  /// Looks at a file of the snapshot; only at those that are statements.
  void look(FoundFile file) {
    if (!file.path().startsWith("schema/")) {
      return;
    }
    try {
      Matcher setting = SETTING.matcher(Files.readString(file.file()));
      while (setting.find()) {
        Duration kept = Duration.ofSeconds(Long.parseLong(setting.group(1)));
        shortest = kept.compareTo(shortest) < 0 ? kept : shortest;
      }
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot read", file.file(), e, "look at the volume and at the agent's rights on it");
    }
  }

  /// The shortest, ten days at most.
  Duration shortest() {
    return shortest;
  }
}
