package dev.chrysalis.postgres.agent.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The programs of a PostgreSQL server: `initdb`, `postgres`, and the client `psql`, which is
/// looked for beside them and then on the path.
///
/// @param folder where the server's programs are
/// @param path the folders of the variable `PATH`
public record ServerPrograms(Path folder, List<Path> path) {
  private static final int OLDEST = 13;
  private static final int LONGEST_VERSION = 200;
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

  /// From which minor version on `psql` has a restricted mode.
  private static final Map<String, Integer> SAFE_SINCE =
      Map.of("13", 22, "14", 19, "15", 14, "16", 10, "17", 6);

  private static final int SAFE = 0;

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

  /// Refuses what lacks any of them, and a `psql` that would run programs which a dump names
  /// (CVE-2025-8714), before anything is touched.
  public void check() {
    Path _ = initdb();
    Path _ = postgres();
    String version = versionOf(psql());
    Matcher m = VERSION.matcher(version);
    boolean safe =
        m.find()
            && SAFE_SINCE.getOrDefault(m.group(1), SAFE) <= Integer.parseInt(m.group(2))
            && Integer.parseInt(m.group(1)) >= OLDEST;
    if (!safe) {
      throw new ChrysalisException(
          PostgresErrors.NO_SERVER_PROGRAMS,
          "%s cannot be kept from running programs that a dump names: %s"
              .formatted(psql(), version),
          "install one of August 2025 or later: 13.22, 14.19, 15.14, 16.10, 17.6, 18");
    }
  }

  private static String versionOf(Path psql) {
    try {
      Process asked =
          new ProcessBuilder(psql.toString(), "--version").redirectErrorStream(true).start();
      asked.getOutputStream().close();
      return new String(asked.getInputStream().readNBytes(LONGEST_VERSION), UTF_8).strip();
    } catch (IOException e) {
      throw missing("psql", "there and does not start: " + e.getMessage());
    }
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
