package dev.chrysalis.agent.job;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.job.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The agent's own directory beside a member, which must outlive the agent's processes: `jobs/ID`
/// for each job, `token` with the highest fencing token seen, `start.lock` held while a job is
/// being started, `volume.lock` held (as a POSIX record lock) by the process that changes the
/// volume. Whoever would start the member's server looks at that lock first.
final class Spool implements VolumeGuard {
  private static final Duration LOOKERS_PASS = Duration.ofSeconds(2);
  private static final Duration STARTERS_PASS = Duration.ofSeconds(60);

  private final Path root;

  private Spool(Path root) {
    this.root = root;
  }

  /// The spool that CHRYSALIS_SPOOL names; made where there is none.
  static Spool of(AgentEnvironment environment) {
    Path root =
        Path.of(environment.required("CHRYSALIS_SPOOL", "CHRYSALIS_SPOOL (the agent's directory)"));
    Spool spool = new Spool(root.toAbsolutePath().normalize());
    try {
      PrivateFiles.createDirectory(spool.jobsDirectory());
    } catch (IOException e) {
      throw PrivateFiles.failed("create", root, e);
    }
    return spool;
  }

  Path root() {
    return root;
  }

  JobDirectory job(JobId id) {
    return new JobDirectory(id, jobsDirectory().resolve(id.value()));
  }

  /// All jobs, the oldest name first.
  List<JobDirectory> jobs() {
    try (Stream<Path> paths = Files.list(jobsDirectory())) {
      return paths
          .filter(p -> Files.exists(p.resolve("spec.json")))
          .sorted()
          .map(p -> job(new JobId(p.getFileName().toString())))
          .toList();
    } catch (IOException e) {
      throw PrivateFiles.failed("list", jobsDirectory(), e);
    }
  }

  /// Takes the right to start jobs here, which one process has at a time.
  LockFile starting() throws IOException {
    return LockFile.take(root.resolve("start.lock"), STARTERS_PASS)
        .orElseThrow(() ->
            new ChrysalisException(
                AgentErrors.SPOOL_BUSY,
                "another start of a job has been going on for a minute in " + root,
                "see which agent processes hang on this member, then repeat the command"));
  }

  /// Keeps a token that is higher than all before, refuses one that is lower. To be called by who
  /// is `starting`.
  void admit(Token token) throws IOException {
    Path file = root.resolve("token");
    Optional<String> text = PrivateFiles.read(file);
    long highest = text.isPresent() ? Long.parseLong(text.get().strip()) : 0;
    if (token.value() < highest) {
      throw new ChrysalisException(
          PlatformErrors.STALE_TOKEN,
          "token " + token + " is older than " + highest + ", which was seen here",
          "another controller has taken the stack over: see chrysalis runs");
    }
    if (token.value() > highest) {
      PrivateFiles.replace(file, token + "\n");
    }
  }

  /// Refuses when another process changes the volume now.
  void requireFreeVolume() throws IOException {
    if (LockFile.held(volumeLock())) {
      throw inUse();
    }
  }

  @Override
  public Held hold(String holder) {
    try {
      LockFile lock = LockFile.take(volumeLock(), LOOKERS_PASS).orElseThrow(this::inUse);
      PrivateFiles.replace(volumeHolder(), holder + "\n");
      return () -> release(lock);
    } catch (IOException e) {
      throw PrivateFiles.failed("lock", volumeLock(), e);
    }
  }

  private void release(LockFile lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw PrivateFiles.failed("unlock", volumeLock(), e);
    }
  }

  private ChrysalisException inUse() {
    String holder;
    try {
      holder = PrivateFiles.read(volumeHolder()).map(String::strip).orElse("another process");
    } catch (IOException e) {
      holder = "another process (" + e.getMessage() + ")";
    }
    return new ChrysalisException(
        PlatformErrors.VOLUME_IN_USE,
        "the volume is being changed by " + holder,
        "follow that job to its end, or cancel it: chrysalis agent job list");
  }

  private Path jobsDirectory() {
    return root.resolve("jobs");
  }

  private Path volumeLock() {
    return root.resolve("volume.lock");
  }

  private Path volumeHolder() {
    return root.resolve("volume.holder");
  }
}
