package dev.chrysalis.postgres.agent.dump;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The programs of a PostgreSQL server: `initdb`, `postgres`, and the client `psql`, which is
/// looked for beside them and then on the path.
///
/// @param folder where the server's programs are
/// @param path the folders of the variable `PATH`
public record ServerPrograms(Path folder, List<Path> path) {
  public ServerPrograms {
    path = List.copyOf(path);
  }

  Path initdb() {
    return beside("initdb");
  }

  Path postgres() {
    return beside("postgres");
  }

  Path psql() {
    return Stream.concat(Stream.of(folder), path.stream())
        .map(place -> place.resolve("psql"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> missing("psql", "neither in " + folder + " nor on the path"));
  }

  /// Refuses what lacks any of them, before anything is touched.
  public void check() {
    Path _ = initdb();
    Path _ = postgres();
    Path _ = psql();
  }

  private Path beside(String name) {
    Path program = folder.resolve(name);
    if (!Files.isExecutable(program)) {
      throw missing(name, "not in " + folder);
    }
    return program;
  }

  private static ChrysalisException missing(String name, String where) {
    return new ChrysalisException(
        PostgresErrors.NO_SERVER_PROGRAMS,
        "the program " + name + " is " + where,
        "run the agent where the server's image is, or name the folder: --server-programs,"
            + " CHRYSALIS_SERVER_PROGRAMS");
  }
}
