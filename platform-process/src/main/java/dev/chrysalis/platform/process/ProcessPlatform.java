package dev.chrysalis.platform.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.PlatformEvent;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.wire.Json;
import dev.chrysalis.platform.process.wire.Reply;
import dev.chrysalis.platform.process.wire.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// The platform of one machine, seen through its supervisor: a thin client of the socket in the
/// supervisor's state directory. It holds no connection between calls, so it outlives the
/// supervisor's restarts; while no supervisor answers, every call fails with `UNREACHABLE`.
/// `SupervisorLauncher` starts one.
///
/// A workload lists the members below its replicas, and besides those that are fenced or still have
/// processes.
public final class ProcessPlatform implements Platform {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONG_PATIENCE = Duration.ofMinutes(11);
  private static final Duration BEAT_PATIENCE = Duration.ofSeconds(20);

  private final Path stateDirectory;

  public ProcessPlatform(Path stateDirectory) {
    this.stateDirectory = stateDirectory;
  }

  /// Makes a workload known, or changes its specification. One that is known keeps its number of
  /// replicas and what was configured; where its containers changed, it gets a new revision, which
  /// is rolled out.
  public void apply(Token token, WorkloadSpec spec) {
    call(new Request.Apply(token, spec), PATIENCE);
  }

  /// The pid of the supervisor that answers.
  public long supervisorPid() {
    return call(new Request.Ping(), Duration.ofSeconds(5)).asLong();
  }

  /// All processes that run for a member now: of its containers, and agents.
  public List<MemberProcess> processes(MemberId member) {
    return List.of(read(call(new Request.Processes(member), PATIENCE), MemberProcess[].class));
  }

  /// The highest token that was seen: for changes that are no controller's, such as a deploy, and
  /// that no earlier recovery may hold up. 0 where there was none.
  public long highestToken() {
    return call(new Request.HighestToken(), PATIENCE).asLong();
  }

  /// Stops all members and the supervisor. Returns when no process of a member is left and the
  /// supervisor's own process is gone. What is wanted stays on disk: the next supervisor starts it
  /// again.
  public void shutdown() {
    Optional<ProcessHandle> supervisor = supervisor();
    try (var connection = SupervisorConnection.open(stateDirectory, new Request.Shutdown())) {
      var _ = connection.next(LONG_PATIENCE);
    } catch (IOException _) {
      // It ends with its last words unsaid, or there was none.
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    awaitSilence();
    supervisor.ifPresent(ProcessPlatform::awaitEnd);
  }

  private Optional<ProcessHandle> supervisor() {
    try {
      return ProcessHandle.of(supervisorPid());
    } catch (ChrysalisException e) {
      if (e.code().equals(PlatformErrors.UNREACHABLE)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      var _ = process.onExit().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new ChrysalisException(
          PlatformErrors.UNREACHABLE,
          "the supervisor's process " + process.pid() + " does not end",
          "See supervisor.log in its folder, then end the process by hand.",
          e);
    }
  }

  @Override
  public List<Workload> workloads() {
    return List.of(read(call(new Request.Workloads(), PATIENCE), Workload[].class));
  }

  @Override
  public Workload workload(String name) {
    return read(call(new Request.OneWorkload(name), PATIENCE), Workload.class);
  }

  @Override
  public List<PlatformEvent> events(String workload, int newest) {
    return List.of(
        read(call(new Request.Events(workload, newest), PATIENCE), PlatformEvent[].class));
  }

  @Override
  public List<String> logs(MemberId member, String container, int newestLines) {
    return List.of(
        read(call(new Request.Logs(member, container, newestLines), PATIENCE), String[].class));
  }

  @Override
  public void scale(Token token, String workload, int replicas) {
    call(new Request.Scale(token, workload, replicas), PATIENCE);
  }

  @Override
  public void restart(Token token, String workload) {
    call(new Request.Restart(token, workload), PATIENCE);
  }

  @Override
  public void restartMember(Token token, MemberId member) {
    call(new Request.RestartMember(token, member), PATIENCE);
  }

  @Override
  public void rollback(Token token, String workload, int revision) {
    call(new Request.Rollback(token, workload, revision), PATIENCE);
  }

  @Override
  public int configure(Token token, String workload, Map<String, String> environment) {
    WorkloadSpec.checkedEnvironment(environment);
    return call(new Request.Configure(token, workload, environment), PATIENCE).asInt();
  }

  /// {@inheritDoc}
  ///
  /// Waits for the member's grace and twelve seconds more, then the answer is `Unknown`; the fence
  /// stands and the member is killed on.
  @Override
  public Fencing fence(Token token, MemberId member, String cause) {
    return read(call(new Request.Fence(token, member, cause), LONG_PATIENCE), Fencing.class);
  }

  @Override
  public Fencing fencing(MemberId member) {
    return read(call(new Request.FencingOf(member), PATIENCE), Fencing.class);
  }

  @Override
  public void unfence(Token token, MemberId member) {
    call(new Request.Unfence(token, member), PATIENCE);
  }

  @Override
  public Volume volume(MemberId member) {
    return read(call(new Request.VolumeOf(member), LONG_PATIENCE), Volume.class);
  }

  @Override
  public void setAside(Token token, MemberId member, String aside) {
    call(new Request.SetAside(token, member, aside), LONG_PATIENCE);
  }

  @Override
  public void giveBack(Token token, MemberId member, String aside) {
    call(new Request.GiveBack(token, member, aside), PATIENCE);
  }

  @Override
  public void dropAside(Token token, MemberId member, String aside) {
    call(new Request.DropAside(token, member, aside), PATIENCE);
  }

  @Override
  public List<Aside> asides(String workload) {
    return List.of(read(call(new Request.Asides(workload), PATIENCE), Aside[].class));
  }

  @Override
  public void createScratch(
      Token token, String like, String name, Map<String, String> environment) {
    WorkloadSpec.checkedEnvironment(environment);
    call(new Request.CreateScratch(token, like, name, environment), PATIENCE);
  }

  @Override
  public void removeScratch(Token token, String name) {
    call(new Request.RemoveScratch(token, name), LONG_PATIENCE);
  }

  @Override
  public ExecOutcome exec(MemberId member, List<String> arguments, Consumer<String> onLine) {
    try (var connection = open(new Request.Exec(member, arguments))) {
      return follow(connection, onLine);
    } catch (IOException e) {
      return new ExecOutcome.Broken(String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new ExecOutcome.Broken("interrupted");
    }
  }

  @Override
  public void close() {
    // Nothing is held between calls.
  }

  private static ExecOutcome follow(SupervisorConnection connection, Consumer<String> onLine)
      throws IOException, InterruptedException {
    while (true) {
      switch (connection.next(BEAT_PATIENCE)) {
        case Reply.Line(String text) -> onLine.accept(text);
        case Reply.Beat() -> {}
        case Reply.Exit(int code, String errors) -> {
          return new ExecOutcome.Exited(code, errors);
        }
        case Reply.Refusal refusal -> throw thrown(refusal);
        case Reply.Result _ -> throw new IOException("a result where an exec's output belongs");
      }
    }
  }

  private JsonNode call(Request request, Duration patience) {
    try (var connection = open(request)) {
      return switch (connection.next(patience)) {
        case Reply.Result(JsonNode value) -> value;
        case Reply.Refusal refusal -> throw thrown(refusal);
        case Reply.Line _, Reply.Beat _, Reply.Exit _ ->
            throw new IOException("an exec's output where a result belongs");
      };
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private SupervisorConnection open(Request request) {
    try {
      return SupervisorConnection.open(stateDirectory, request);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private void awaitSilence() {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() - deadline < 0) {
      try (var connection = SupervisorConnection.open(stateDirectory, new Request.Ping())) {
        var _ = connection.next(Duration.ofSeconds(1));
      } catch (IOException _) {
        return;
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    throw new ChrysalisException(
        PlatformErrors.UNREACHABLE,
        "the supervisor of " + stateDirectory + " answers although it was shut down",
        "See supervisor.log there.");
  }

  private static <T> T read(JsonNode value, Class<T> type) {
    try {
      return Json.value(value, type);
    } catch (IOException e) {
      throw new ChrysalisException(
          PlatformErrors.UNREACHABLE,
          "the supervisor answered something else than a " + type.getSimpleName(),
          "Use the supervisor and the client of one version.",
          e);
    }
  }

  private static ChrysalisException thrown(Reply.Refusal refusal) {
    return new ChrysalisException(
        new ErrorCode(refusal.code(), refusal.category()), refusal.message(), refusal.hint());
  }

  private ChrysalisException unreachable(IOException e) {
    return new ChrysalisException(
        PlatformErrors.UNREACHABLE,
        "the supervisor of " + stateDirectory + " does not answer: " + e.getMessage(),
        "Start it (`chrysalis lab up`), then try again.",
        e);
  }

  private static ChrysalisException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ChrysalisException(
        PlatformErrors.UNREACHABLE, "interrupted while the supervisor worked", "Try again.", e);
  }
}
