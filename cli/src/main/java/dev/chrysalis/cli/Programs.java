package dev.chrysalis.cli;

import dev.chrysalis.agent.AgentMain;
import dev.chrysalis.lab.CassandraPrograms;
import dev.chrysalis.lab.Lab;
import dev.chrysalis.lab.LabLayout;
import dev.chrysalis.lab.LabPrograms;
import dev.chrysalis.lab.LabUser;
import dev.chrysalis.model.ChrysalisException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the programs lie that a lab needs: below the folder that holds this program, which the
/// script `chrysalis` names in the property `chrysalis.home`.
public final class Programs {
  private final Path home;

  public Programs(Path home) {
    this.home = home;
  }

  /// The folder that this process was started from.
  public static Programs ofThisProcess() {
    return new Programs(Path.of(System.getProperty("chrysalis.home", ".")).toAbsolutePath());
  }

  /// The lab of that folder, or this user's usual one.
  public Lab lab(Optional<Path> folder) {
    return lab(layout(folder));
  }

  /// The lab of the demo, beside whose folder the reports stay.
  public Lab demoLab() {
    Path usual = layout(Optional.empty()).root();
    return lab(new LabLayout(usual.resolveSibling(usual.getFileName() + "-demo").resolve("lab")));
  }

  private static LabLayout layout(Optional<Path> folder) {
    return LabLayout.choose(
        folder,
        System.getenv(),
        System.getProperty("user.name"),
        Path.of(System.getProperty("user.home")));
  }

  private Lab lab(LabLayout layout) {
    return new Lab(
        layout,
        labPrograms(),
        LabUser.of(System.getProperty("user.name")),
        new NewVault(),
        Path.of(System.getProperty("java.io.tmpdir")),
        Clock.systemUTC(),
        new SecureRandom());
  }

  private LabPrograms labPrograms() {
    Path butterfly = home.resolve("butterfly/target/app");
    Path postgres = home.resolve("lab/target/servers/postgres-17.jar");
    Path redis = home.resolve("lab/target/servers/redis-6.2.jar");
    for (Path needed : List.of(butterfly, postgres, redis)) {
      if (!Files.exists(needed)) {
        throw new ChrysalisException(
            CliErrors.NOT_BUILT,
            "the lab's programs are not built: " + needed + " is missing",
            "build them: ./mvnw package -DskipTests");
      }
    }
    return new LabPrograms(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        product(),
        AgentMain.class.getName(),
        butterfly,
        postgres,
        redis,
        CassandraPrograms.find(home.resolve("servers/cassandra/target/lib"), System.getenv()),
        home.resolve("cli/target/archives"));
  }

  /// The jars of the build, in an order that stays; else, in a build that has not come so far, what
  /// this process runs with.
  private List<Path> product() {
    Path built = home.resolve("cli/target/lib");
    if (Files.isDirectory(built)) {
      try (Stream<Path> all = Files.list(built)) {
        return all.filter(p -> p.toString().endsWith(".jar")).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .flatMap(p -> Files.exists(p) ? Stream.of(p.toAbsolutePath()) : Stream.empty())
        .toList();
  }
}
