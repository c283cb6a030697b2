package dev.chrysalis.postgres.agent.files;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a restored cluster starts.
public sealed interface RecoverySettings {
  /// Recovers to a target on a timeline, pauses there and can be looked at; ending the recovery
  /// (`pg_promote`) is another's decision.
  ///
  /// @param restoreCommand the server's own `restore_command`
  /// @param more other settings that this copy is to have (`archive_mode` = `off`)
  record ToTarget(
      RecoveryTarget target, int timeline, String restoreCommand, Map<String, String> more)
      implements RecoverySettings {
    public ToTarget {
      if (timeline < 1 || restoreCommand.isBlank()) {
        throw new IllegalArgumentException("a recovery needs a timeline and a restore_command");
      }
      more = Map.copyOf(more);
    }
  }

  /// Follows a primary, on whatever timeline that one is.
  ///
  /// @param host the primary's address
  /// @param passwordFile a `.pgpass` file that the server (not the agent) can read; the password
  ///   itself never stands in a configuration
  /// @param slot the replication slot to use there; empty for none
  /// @param name `application_name`: how it shows at the primary
  /// @param restoreCommand for WAL that the primary keeps no more; empty for none
  record AsStandby(
      String host,
      int port,
      String user,
      Optional<Path> passwordFile,
      String slot,
      String name,
      String restoreCommand)
      implements RecoverySettings {
    private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{0,63}");

    public AsStandby {
      if (host.isEmpty() || user.isEmpty() || port < 1 || port > 65535) {
        throw new IllegalArgumentException("not a primary: " + user + "@" + host + ":" + port);
      }
      if (!SLOT.matcher(slot).matches()) {
        throw new IllegalArgumentException("not a slot's name: " + slot);
      }
    }
  }
}
