package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.job.LockFile;
import dev.chrysalis.agent.job.PrivateFiles;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import dev.chrysalis.postgres.agent.wal.WalSpool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a recovering server asks for WAL: `wal` in the agent's directory, or a directory that the
/// server's container sees too. Beside it a file says what the last restore was for, so that a feed
/// needs no more than to be started.
final class FeedSpool {
  /// How long the server's script waits for a feeder before it stops the server. Long: a feeder
  /// that was killed is to be started again meanwhile.
  private static final Duration SCRIPT_PATIENCE = Duration.ofMinutes(15);

  private static final Duration OTHERS_PASS = Duration.ofSeconds(1);

  @Option(
      names = "--wal-spool",
      paramLabel = "DIR",
      description =
          "where the server's restore_command asks for WAL (CHRYSALIS_WAL_SPOOL; wal in"
              + " CHRYSALIS_SPOOL)")
  private @Nullable Path directory;

  /// What a recovery is fed with.
  record Plan(long system, int timeline) {
    String text() {
      return Long.toUnsignedString(system) + " " + timeline + "\n";
    }

    static Plan parse(String text) throws IOException {
      String[] parts = text.strip().split(" ", -1);
      try {
        return new Plan(Long.parseUnsignedLong(parts[0]), Integer.parseInt(parts[1]));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IOException("not what a feed is for: " + text, e);
      }
    }
  }

  Path directory(AgentEnvironment environment) {
    Path place =
        Optional.ofNullable(directory)
            .or(() -> environment.variable("CHRYSALIS_WAL_SPOOL").map(Path::of))
            .orElseGet(
                () -> Path.of(environment.required("CHRYSALIS_SPOOL", "--wal-spool"), "wal"));
    return place.toAbsolutePath().normalize();
  }

  /// Makes the spool; a new one is idle, so that a server which asks is not kept waiting.
  ///
  /// @param like whose owner the spool gets, since the server must read it
  WalSpool install(AgentEnvironment environment, Path like) {
    Path place = directory(environment);
    boolean fresh = !Files.isDirectory(place);
    try {
      PrivateFiles.createDirectory(place);
      giveTo(owned(like), place);
      WalSpool spool = WalSpool.install(place, SCRIPT_PATIENCE);
      if (fresh) {
        spool.idle();
      }
      return spool;
    } catch (IOException e) {
      throw PrivateFiles.failed("make", place, e);
    }
  }

  /// The spool for a server that is about to recover: its script waits until it is fed.
  void expectFeed(AgentEnvironment environment, Path like, Plan plan) {
    Path place = directory(environment);
    install(environment, like).feeds(false);
    try {
      PrivateFiles.replace(place.resolve("plan"), plan.text());
      Files.deleteIfExists(place.resolve("idle"));
    } catch (IOException e) {
      throw PrivateFiles.failed("write", place, e);
    }
  }

  Optional<Plan> plan(AgentEnvironment environment) {
    Path file = directory(environment).resolve("plan");
    try {
      Optional<String> text = PrivateFiles.read(file);
      return text.isPresent() ? Optional.of(Plan.parse(text.get())) : Optional.empty();
    } catch (IOException e) {
      throw PrivateFiles.failed("read", file, e);
    }
  }

  /// What the server on a data directory is to be fed with: what it was restored for, unless the
  /// directory says otherwise; empty where there is neither.
  Optional<Plan> plan(AgentEnvironment environment, Path data) {
    Optional<Plan> restored = plan(environment);
    Optional<Plan> there = planOf(data);
    // A standby may have followed its primary to a later timeline than it was restored for.
    return there
        .filter(t -> restored.filter(r -> r.system() == t.system()).isEmpty())
        .or(() -> there.filter(t -> t.timeline() > restored.orElse(t).timeline()))
        .or(() -> restored);
  }

  private static Optional<Plan> planOf(Path data) {
    return switch (DataDirectoryState.read(data)) {
      case DataDirectoryState.Initialised cluster ->
          Optional.of(
              new Plan(
                  Long.parseUnsignedLong(cluster.control().systemIdentifier()),
                  cluster.control().timeline()));
      case DataDirectoryState.Missing _,
          DataDirectoryState.Empty _,
          DataDirectoryState.HalfRestored _,
          DataDirectoryState.Damaged _ ->
          Optional.empty();
    };
  }

  /// The sign of a feeder at work on the spool, which goes with its process; empty where another
  /// one has it.
  Optional<LockFile> sign(AgentEnvironment environment) {
    Path file = directory(environment).resolve("feeder.lock");
    try {
      return LockFile.take(file, OTHERS_PASS);
    } catch (IOException e) {
      throw PrivateFiles.failed("lock", file, e);
    }
  }

  /// Whether a server that asks the spool is kept waiting for a feeder.
  boolean keepsWaiting(AgentEnvironment environment) {
    boolean known =
        directory != null
            || environment.variable("CHRYSALIS_WAL_SPOOL").isPresent()
            || environment.variable("CHRYSALIS_SPOOL").isPresent();
    if (!known) {
      return false;
    }
    Path place = directory(environment);
    return Files.exists(place.resolve("fetch-wal")) && !Files.exists(place.resolve("idle"));
  }

  /// Lets a server go on whose feeder died over its work: the server's script no longer waits for
  /// one. Changes nothing while a feeder is at work.
  void leaveIdle(AgentEnvironment environment, Path like) {
    Optional<LockFile> sign = sign(environment);
    try {
      if (sign.isPresent()) {
        install(environment, like).idle();
      }
    } finally {
      sign.ifPresent(LockFile::release);
    }
  }

  private static Path owned(Path like) {
    Path at = like;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  private static void giveTo(Path like, Path place) throws IOException {
    for (String id : new String[] {"unix:uid", "unix:gid"}) {
      Object owner = Files.getAttribute(like, id);
      if (!owner.equals(Files.getAttribute(place, id, LinkOption.NOFOLLOW_LINKS))) {
        Files.setAttribute(place, id, owner, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }
}
