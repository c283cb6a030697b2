package dev.chrysalis.postgres.agent.dump;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a dump is restored into: a dump of one database holds neither the database nor any role.
///
/// @param superuser of the new cluster, as whom Chrysalis works
/// @param superuserPasswordOrNull a file whose first line is that one's password
/// @param name of the database
/// @param owner of the database; empty for the superuser
/// @param configurationOrNull a folder with `postgresql.conf`, `pg_hba.conf` and what else is to
///   lie beside them; without it the cluster has those that initdb makes
public record FreshDatabase(
    String superuser,
    @Nullable Path superuserPasswordOrNull,
    String name,
    String owner,
    List<Role> roles,
    String locale,
    @Nullable Path configurationOrNull) {
  public FreshDatabase {
    roles = List.copyOf(roles);
    if (superuser.isEmpty() || name.isEmpty() || locale.isEmpty()) {
      throw new IllegalArgumentException("a database has a superuser, a name and a locale");
    }
  }

  /// A role that the dump speaks of.
  ///
  /// @param passwordOrNull a file whose first line is its password; without it nobody can log in
  public record Role(String name, @Nullable Path passwordOrNull) {
    public Role {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("a role has a name");
      }
    }

    Optional<Path> password() {
      return Optional.ofNullable(passwordOrNull);
    }
  }

  Optional<Path> superuserPassword() {
    return Optional.ofNullable(superuserPasswordOrNull);
  }

  Optional<Path> configuration() {
    return Optional.ofNullable(configurationOrNull);
  }
}
