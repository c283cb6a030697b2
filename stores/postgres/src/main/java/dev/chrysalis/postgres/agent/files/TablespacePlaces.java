package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where the tablespaces of a restored cluster go. What a backup says of their places is only
/// believed within bounds that the restore is given.
@FunctionalInterface
public interface TablespacePlaces {
  /// The directory of a tablespace; absolute. `BAD_SETTING` where it may go nowhere.
  ///
  /// @param oid in decimal
  /// @param recorded where it lay when the backup was taken
  Path placeOf(String oid, Path recorded);

  /// Each in a directory of its own under one: `ROOT/16400`.
  static TablespacePlaces under(Path root) {
    return (oid, recorded) -> root.toAbsolutePath().normalize().resolve(oid);
  }

  /// Each where the data directory's own link to it points now; where there is none, as `otherwise`
  /// says.
  static TablespacePlaces inUse(Path dataDirectory, TablespacePlaces otherwise) {
    return (oid, recorded) -> {
      Path link = dataDirectory.resolve("pg_tblspc").resolve(oid);
      try {
        return Files.isSymbolicLink(link)
            ? PrivateFiles.parent(link).resolve(Files.readSymbolicLink(link)).normalize()
            : otherwise.placeOf(oid, recorded);
      } catch (IOException e) {
        throw new ChrysalisException(
            PostgresErrors.VOLUME_FAILED,
            "cannot read the link " + link + ": " + e,
            "look at the volume and at the agent's rights on it",
            e);
      }
    };
  }

  /// Each where it lay, if that is inside one of these directories.
  static TablespacePlaces recordedWithin(List<Path> roots) {
    return (oid, recorded) -> {
      Path place = recorded.normalize();
      boolean allowed =
          recorded.isAbsolute()
              && roots.stream()
                  .map(root -> root.toAbsolutePath().normalize())
                  .anyMatch(root -> place.startsWith(root) && !place.equals(root));
      if (!allowed) {
        throw new ChrysalisException(
            PostgresErrors.BAD_SETTING,
            "tablespace %s lay in %s, where this restore may not write".formatted(oid, recorded),
            "say where tablespaces are to go");
      }
      return place;
    };
  }
}
