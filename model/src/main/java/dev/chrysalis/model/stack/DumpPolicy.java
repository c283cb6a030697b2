package dev.chrysalis.model.stack;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Backups that `pg_dump` made before Chrysalis came, and what they lack to be a database again. A
/// dump holds neither its database nor any role nor the server's settings.
///
/// @param location of the bucket that holds `postgres/DATE/backup.sql.gz`
/// @param database that is made for it
/// @param ownerOrNull of the database; without it the agent's own role
/// @param locale of the new cluster
/// @param configurationOrNull a folder on the members, whose `postgresql.conf` and `pg_hba.conf`
///   the new cluster gets
public record DumpPolicy(
    String location,
    String database,
    @Nullable String ownerOrNull,
    List<Role> roles,
    String locale,
    @Nullable Path configurationOrNull) {
  private static final Pattern LOCALE = Pattern.compile("[A-Za-z][A-Za-z0-9_.@-]{0,40}");

  public DumpPolicy {
    roles = List.copyOf(roles);
    database(database);
    locale(locale);
    Set<String> names = new HashSet<>();
    roles.forEach(role -> names.add(role.name()));
    if (ownerOrNull != null && !names.contains(ownerOrNull)) {
      throw new IllegalArgumentException("the owner is one of the roles");
    }
  }

  /// A role that dumps speak of.
  ///
  /// @param passwordFileOrNull a file on the members, whose first line is the role's password;
  ///   without it the role cannot log in
  public record Role(String name, @Nullable Path passwordFileOrNull) {
    public Optional<Path> passwordFile() {
      return Optional.ofNullable(passwordFileOrNull);
    }
  }

  /// The name of a database that can be made, as it is; `IllegalArgumentException` for those that
  /// every cluster has.
  public static String database(String name) {
    if (Set.of("postgres", "template0", "template1").contains(name)) {
      throw new IllegalArgumentException("is there in every cluster, and cannot be made");
    }
    return name;
  }

  /// A locale's name, as it is; `IllegalArgumentException` for anything else.
  public static String locale(String name) {
    if (!LOCALE.matcher(name).matches()) {
      throw new IllegalArgumentException("must be a locale's name, as C or en_US.UTF-8");
    }
    return name;
  }

  public Optional<String> owner() {
    return Optional.ofNullable(ownerOrNull);
  }

  public Optional<Path> configuration() {
    return Optional.ofNullable(configurationOrNull);
  }
}
