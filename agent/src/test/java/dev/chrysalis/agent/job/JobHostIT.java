package dev.chrysalis.agent.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.agent.job.AgentProcess.Ended;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.job.JobLine;
import dev.chrysalis.platform.job.JobLines;
import dev.chrysalis.platform.job.JobState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobHostIT {
  private static final JobLines LINES = new JobLines();

  @TempDir private Path directory;
  private Path spool;
  private Path ran;
  private Path until;
  private AgentProcess agent;

  @BeforeEach
  void setUp() {
    spool = directory.resolve("spool");
    ran = directory.resolve("ran");
    until = directory.resolve("until");
    agent = new AgentProcess(spool);
  }

  @AfterEach
  void endJobs() throws IOException {
    for (Path job : jobDirectories()) {
      Optional<ProcessHandle> process = directoryOf(job).process().flatMap(JobProcess::handle);
      process.ifPresent(ProcessHandle::destroyForcibly);
      await().until(() -> !directoryOf(job).alive());
    }
  }

  @Test
  void aJobRunsOnWhenItsStarterIsGoneAndItsEventsCanBeFollowedFromAnywhere() throws Exception {
    Process starter = agent.fork(start("j1", 1));
    assertThat(starter.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(starter.exitValue()).isZero();
    assertThat(state("j1")).isInstanceOf(JobState.Running.class);

    Files.createFile(until);
    Ended all = agent.run("job", "follow", "j1", "-o", "json");
    Ended rest = agent.run("job", "follow", "j1", "--from", "1", "-o", "json");

    assertThat(all.code()).isZero();
    assertThat(events(all))
        .containsExactly(
            new JobEvent.Note("waiting"),
            new JobEvent.Progress("waiting", 1, 2),
            new JobEvent.Done(Map.of("waited", "yes")));
    assertThat(events(rest)).isEqualTo(events(all).subList(1, 3));
    assertThat(state("j1")).isEqualTo(new JobState.Done(Map.of("waited", "yes")));
    assertThat(agent.run("job", "list").out()).contains("j1 done");
  }

  @Test
  void aFollowerWaitsForWhatIsStillToCome() throws Exception {
    agent.run(start("j1", 1));
    Process follower = agent.fork("job", "follow", "j1", "-o", "json");
    assertThat(follower.inputReader().readLine()).contains("note");

    Files.createFile(until);

    assertThat(follower.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(follower.exitValue()).isZero();
    assertThat(follower.inputReader().readAllAsString()).contains("\"event\":\"done\"");
  }

  @Test
  void aJobThatIsStartedTwiceAtOnceRunsOnce() throws Exception {
    Process one = agent.fork(start("j1", 1));
    Process two = agent.fork(start("j1", 1));
    assertThat(one.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(two.waitFor(60, TimeUnit.SECONDS)).isTrue();

    Files.createFile(until);
    agent.run("job", "follow", "j1");

    assertThat(List.of(one.exitValue(), two.exitValue())).containsOnly(0);
    assertThat(Files.readAllLines(ran)).containsExactly("ran");
  }

  @Test
  void aJobThatIsDoneIsNotStartedAgain() throws Exception {
    Files.createFile(until);
    agent.run(start("j1", 1));
    agent.run("job", "follow", "j1");

    assertThat(agent.run(start("j1", 1)).code()).isZero();
    assertThat(Files.readAllLines(ran)).containsExactly("ran");
  }

  @Test
  void anotherTaskUnderTheSameNameIsRefused() {
    agent.run(start("j1", 1));

    Ended refused = agent.run("job", "start", "j1", "--token", "1", "--", "fail");

    assertThat(refused.code()).isEqualTo(11);
    assertThat(refused.err()).startsWith("error CHR-6005: job j1 is there with another task: wait");
  }

  @Test
  void aKilledJobIsLostAndCanBeStartedAgainAsTheNextAttempt() throws Exception {
    agent.run(start("j1", 1));
    await().until(() -> Files.exists(ran));
    await().until(() -> EventTail.of(job("j1").eventsFile()).lines().size() == 2);
    kill("j1");
    // As if the crash had cut a line short.
    Files.writeString(job("j1").eventsFile(), "{\"n\":2,\"at\"", StandardOpenOption.APPEND);

    Ended follow = agent.run("job", "follow", "j1", "-o", "json");
    assertThat(follow.code()).isEqualTo(21);
    assertThat(follow.err()).contains("error CHR-6004:").contains("--attempt 2");
    assertThat(state("j1")).isEqualTo(new JobState.Lost(1));
    assertThat(agent.run(start("j1", 1)).code()).isZero();
    assertThat(state("j1")).isEqualTo(new JobState.Lost(1));

    Files.createFile(until);
    assertThat(agent.run(start("j1", 2)).code()).isZero();
    Ended again = agent.run("job", "follow", "j1", "-o", "json");

    assertThat(again.code()).isZero();
    assertThat(lines(again)).extracting(JobLine::n).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(Files.readAllLines(ran)).containsExactly("ran", "ran");
  }

  @Test
  void aStartThatDiedBeforeItsProcessCameUpIsRepeated() throws Exception {
    Files.createFile(until);
    Files.createDirectories(job("j1").path());
    JobSpec spec =
        new JobSpec(
            List.of("wait", "--ran", ran.toString(), "--until", until.toString()),
            new Token(1),
            Instant.EPOCH);
    PrivateFiles.replace(job("j1").specFile(), spec.toJson());
    assertThat(state("j1")).isEqualTo(new JobState.NotStarted());

    agent.run(start("j1", 1));
    agent.run("job", "follow", "j1");

    assertThat(state("j1")).isInstanceOf(JobState.Done.class);
  }

  @Test
  void aLowerTokenThanTheHighestSeenIsRefused() {
    assertThat(agent.run("job", "start", "j1", "--token", "7", "--", "fail").code()).isZero();

    Ended refused = agent.run("job", "start", "j2", "--token", "6", "--", "fail");

    assertThat(refused.code()).isEqualTo(15);
    assertThat(refused.err()).contains("error CHR-3004: token 6 is older than 7");
    assertThat(state("j2")).isEqualTo(new JobState.NotStarted());
  }

  @Test
  void oneJobAtATimeChangesTheVolume() throws Exception {
    agent.run(start("j1", 1, "--volume"));
    assertThat(LockFile.held(spool.resolve("volume.lock"))).isTrue();

    Ended refused = agent.run(start("j2", 1, "--volume"));
    assertThat(refused.code()).isEqualTo(11);
    assertThat(refused.err()).contains("error CHR-3006: the volume is being changed by job j1");

    kill("j1");
    assertThat(LockFile.held(spool.resolve("volume.lock"))).isFalse();
    assertThat(agent.run(start("j2", 1, "--volume")).code()).isZero();
  }

  @Test
  void aFailedJobSaysWhyInOneLine() {
    agent.run("job", "start", "j1", "--token", "1", "--", "fail");

    Ended follow = agent.run("job", "follow", "j1");

    assertThat(follow.code()).isZero();
    assertThat(follow.out()).contains("failed with CHR-3001: nobody; there");
    assertThat(state("j1"))
        .isEqualTo(new JobState.Failed("CHR-3001", "nobody; there", "look again"));
  }

  @Test
  void aFaultOfOursFailsTheJobAndKeepsItsTrace() throws Exception {
    agent.run("job", "start", "j1", "--token", "1", "--", "crash");

    assertThat(agent.run("job", "follow", "j1").out()).contains("CHR-6099");
    assertThat(Files.readString(job("j1").outputFile())).contains("at dev.chrysalis.agent");
  }

  @Test
  void aCancelledJobGivesUpAndSaysSo() {
    agent.run(start("j1", 1));

    Ended cancelled = agent.run("job", "cancel", "j1", "--token", "1", "-o", "json");

    assertThat(cancelled.code()).isZero();
    assertThat(state("j1"))
        .isInstanceOfSatisfying(
            JobState.Failed.class, f -> assertThat(f.code()).isEqualTo("CHR-6007"));
  }

  @Test
  void whatIsNoTaskIsRefusedBeforeAnythingIsWritten() {
    Ended refused = agent.run("job", "start", "j1", "--token", "1", "--", "job", "list");

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).startsWith("error CHR-6002:").contains("hint:");
    assertThat(jobDirectories()).isEmpty();
  }

  @Test
  void theSpoolIsForItsOwnerOnly() throws Exception {
    agent.run("job", "start", "j1", "--token", "1", "--", "fail");
    agent.run("job", "follow", "j1");

    try (var files = Files.walk(spool)) {
      assertThat(files.toList())
          .allSatisfy(f ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                  .endsWith("------"));
    }
  }

  private String[] start(String id, int attempt, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("job", "start", id, "--token", "1", "--attempt", "" + attempt, "--", "wait"));
    command.addAll(List.of("--ran", ran.toString(), "--until", until.toString()));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  private void kill(String id) throws IOException {
    job(id).process().flatMap(JobProcess::handle).orElseThrow().destroyForcibly();
    await().atMost(Duration.ofSeconds(10)).until(() -> !job(id).alive());
  }

  private JobDirectory job(String id) {
    return new JobDirectory(new JobId(id), spool.resolve("jobs").resolve(id));
  }

  private JobState state(String id) {
    Ended ended = agent.run("job", "state", id, "-o", "json");
    return LINES.decodeState(ended.out().strip()).orElseThrow();
  }

  private List<Path> jobDirectories() {
    Path jobs = spool.resolve("jobs");
    if (!Files.isDirectory(jobs)) {
      return List.of();
    }
    try (var paths = Files.list(jobs)) {
      return paths.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JobDirectory directoryOf(Path path) {
    return new JobDirectory(new JobId(path.getFileName().toString()), path);
  }

  private static List<JobLine> lines(Ended ended) {
    return ended.out().lines().map(l -> LINES.decode(l).orElseThrow()).toList();
  }

  private static List<JobEvent> events(Ended ended) {
    return lines(ended).stream().map(JobLine::event).toList();
  }
}
