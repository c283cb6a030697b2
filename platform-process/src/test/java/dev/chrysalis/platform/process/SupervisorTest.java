package dev.chrysalis.platform.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.Workload;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/// What only this platform can get wrong: a supervisor that is killed, processes that outlive it,
/// litter.
class SupervisorTest {
  private static final Token TOKEN = SupervisorFixture.TOKEN;
  private static final MemberId STORE_0 = new MemberId("store", 0);
  private static final MemberId WEB_1 = new MemberId("web", 1);

  @Test
  void aKilledSupervisorsProcessesAreAdoptedAndKept() {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.web());
      long before = fixture.mainPid(WEB_1);
      fixture.killSupervisor();
      assertThatThrownBy(() -> fixture.platform.workload("web"))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(PlatformErrors.UNREACHABLE));

      fixture.startSupervisor();
      settled(fixture, "web");
      assertThat(fixture.mainPid(WEB_1)).isEqualTo(before);

      fixture.signal(before, "KILL");
      eventually()
          .until(() ->
              fixture.platform.workload("web").members().stream()
                  .anyMatch(m -> m.id().equals(WEB_1) && m.restarts() == 1 && m.ready()));
      assertThat(fixture.mainPid(WEB_1)).isNotEqualTo(before);
    }
  }

  @Test
  void aProcessThatNoRecordKnowsIsEndedBeforeAnotherStarts() throws IOException {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.store());
      long before = fixture.mainPid(STORE_0);
      fixture.killSupervisor();
      Files.delete(fixture.directory.resolve("members/store-0.json"));

      fixture.startSupervisor();

      settled(fixture, "store");
      assertThat(fixture.mainPid(STORE_0)).isNotEqualTo(before);
    }
  }

  @Test
  void aFenceAndTheHighestTokenOutliveTheSupervisor() {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.store());
      long pid = fixture.mainPid(STORE_0);
      assertThat(fixture.platform.processes(STORE_0)).extracting(MemberProcess::pid).contains(pid);
      Fencing fencing = fixture.platform.fence(new Token(9), STORE_0, "promotion");
      assertThat(((Fencing.Proven) fencing).evidence()).contains("pid " + pid, "token 9");
      fixture.killSupervisor();

      fixture.startSupervisor();

      assertThat(fixture.platform.fencing(STORE_0)).isInstanceOf(Fencing.Proven.class);
      eventually()
          .until(() ->
              fixture.platform.workload("store").members().getFirst().phase()
                  == Member.Phase.FENCED);
      assertThat(fixture.pids(STORE_0)).isEmpty();
      assertThat(fixture.platform.processes(STORE_0)).isEmpty();
      assertThat(fixture.platform.highestToken()).isEqualTo(9);
      assertThatThrownBy(() -> fixture.platform.scale(new Token(8), "store", 0))
          .hasMessageContaining("8")
          .hasMessageContaining("9");
    }
  }

  @Test
  void aFenceIsUpheldWhenTheSupervisorWasKilledBeforeItKilledTheMember() throws IOException {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.store());
      fixture.killSupervisor();
      Path file = fixture.directory.resolve("workloads/store.json");
      String fence =
          "{\"0\":{\"token\":{\"value\":9},\"cause\":\"c\",\"at\":\"2026-01-01T00:00:00Z\"}}";
      Files.writeString(
          file, Files.readString(file).replace("\"fences\":{}", "\"fences\":" + fence));

      fixture.startSupervisor();

      eventually().until(() -> fixture.platform.fencing(STORE_0) instanceof Fencing.Proven);
      assertThat(fixture.pids(STORE_0)).isEmpty();
    }
  }

  @Test
  void childrenThatHidTheirMarkAndLeftTheirSessionAreFoundByWhereTheyWork() {
    String script = "cd $CHRYSALIS_VOLUME; env -i setsid sleep 999 & echo started; exec sleep 1000";
    try (var fixture = new SupervisorFixture()) {
      start(
          fixture,
          with(SupervisorFixture.store(), List.of(SupervisorFixture.shell("main", script))));

      Fencing fencing = fixture.platform.fence(TOKEN, STORE_0, "test");

      assertThat(fencing).isInstanceOf(Fencing.Proven.class);
      assertThat(workingBelow(fixture.volume(STORE_0))).isEmpty();
    }
  }

  @Test
  void sidecarsAreRestartedOnTheirOwn() {
    var containers =
        List.of(
            SupervisorFixture.shell("main", "exec sleep 1000"),
            SupervisorFixture.shell("shipper", "exec sleep 1000"));
    try (var fixture = new SupervisorFixture()) {
      start(fixture, with(SupervisorFixture.store(), containers));
      long main = fixture.mainPid(STORE_0);
      eventually().until(() -> fixture.marked("store-0/shipper").size() == 1);
      long shipper = fixture.marked("store-0/shipper").getFirst();

      fixture.signal(shipper, "KILL");

      eventually()
          .until(() -> fixture.marked("store-0/shipper").stream().anyMatch(pid -> pid != shipper));
      assertThat(fixture.mainPid(STORE_0)).isEqualTo(main);
      assertThat(fixture.platform.workload("store").members().getFirst().restarts()).isZero();
    }
  }

  @Test
  void aMemberIsReadyOnceItsPortAnswers() throws IOException {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var main =
        new ContainerSpec(
            "main",
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-m",
                "jdk.httpserver",
                "-b",
                "${member.address}",
                "-p",
                Integer.toString(port)),
            Map.of(),
            new Readiness.Http(port, "/"));
    try (var fixture = new SupervisorFixture()) {
      fixture.platform.apply(TOKEN, with(SupervisorFixture.store(), List.of(main)));
      settled(fixture, "store");
      long hung = fixture.mainPid(STORE_0);

      fixture.signal(hung, "STOP");
      eventually().until(() -> !fixture.platform.workload("store").members().getFirst().ready());
      assertThat(fixture.platform.workload("store").members().getFirst().phase())
          .isEqualTo(Member.Phase.RUNNING);

      fixture.platform.restartMember(TOKEN, STORE_0);
      eventually().until(() -> !fixture.marked("store-0/main").contains(hung));
      settled(fixture, "store");
    }
  }

  @Test
  void aServerDoesNotStartWhileAJobChangesItsVolume() throws IOException {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.store());
      fixture.platform.scale(TOKEN, "store", 0);
      eventually().until(() -> fixture.platform.workload("store").members().isEmpty());
      Path lock = fixture.directory.resolve("scratch/store-0/volume.lock");
      try (var channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var held = channel.lock()) {
        assertThat(held.isValid()).isTrue();
        fixture.platform.scale(TOKEN, "store", 1);
        eventually()
            .until(() ->
                fixture.platform.events("store", 10).stream()
                    .anyMatch(e -> e.reason().equals("VolumeLocked")));
        assertThat(fixture.pids(STORE_0)).isEmpty();
      }
      settled(fixture, "store");
    }
  }

  @Test
  void whatRunsBesideIsStoppedAfterTheServer() {
    String last = "trap 'echo last words; exit 0' TERM; while :; do sleep 0.1; done";
    var containers =
        List.of(
            SupervisorFixture.shell("main", "exec sleep 1000"),
            SupervisorFixture.shell("shipper", last));
    try (var fixture = new SupervisorFixture()) {
      start(fixture, with(SupervisorFixture.store(), containers));
      eventually().until(() -> !fixture.marked("store-0/shipper").isEmpty());

      fixture.platform.scale(TOKEN, "store", 0);

      eventually().until(() -> fixture.platform.workload("store").members().isEmpty());
      assertThat(fixture.platform.logs(STORE_0, "shipper", 5)).containsExactly("last words");
    }
  }

  @Test
  void aRolloutThatStandsStillIsReported() {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.web());

      fixture.platform.configure(TOKEN, "web", Map.of("BROKEN", "yes"));

      eventually()
          .until(() ->
              fixture.platform.events("web", 100).stream()
                  .anyMatch(e -> e.reason().equals("ProgressDeadlineExceeded")));
    }
  }

  /// Between the end of the old process and the start of the new one there is none that ran.
  @Test
  void noMemberOfARevisionThatWasNeverReadyIsShownAsRunning() {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.web());

      fixture.platform.configure(TOKEN, "web", Map.of("BROKEN", "yes"));

      var shown = new HashSet<Member.Phase>();
      eventually()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            fixture.platform.workload("web").members().stream()
                .filter(member -> member.revision() == 2)
                .forEach(member -> shown.add(member.phase()));
            return fixture.platform.events("web", 100).stream()
                .anyMatch(e -> e.reason().equals("ProgressDeadlineExceeded"));
          });
      assertThat(shown).contains(Member.Phase.STARTING).doesNotContain(Member.Phase.RUNNING);
    }
  }

  @Test
  void anExecIsToldWhereItIs() {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.store());
      var lines = new ArrayList<String>();

      fixture.platform.exec(STORE_0, List.of("env"), lines::add);

      assertThat(lines).containsExactly("store-0 " + fixture.volume(STORE_0) + " 127.0.0.1");
    }
  }

  @Test
  void anExecWhoseSupervisorIsKilledIsBroken() {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.store());
      var lines = new CopyOnWriteArrayList<String>();
      var outcome =
          CompletableFuture.supplyAsync(
              () -> fixture.platform.exec(STORE_0, List.of("linger"), lines::add));
      eventually().until(() -> lines.contains("before"));

      fixture.killSupervisor();

      assertThat(outcome)
          .succeedsWithin(Duration.ofSeconds(10))
          .isInstanceOf(ExecOutcome.Broken.class);
    }
  }

  @Test
  void aDetachedJobOutlivesItsExecAndTheSupervisorAndHoldsTheVolume() {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.store());
      fixture.platform.fence(TOKEN, STORE_0, "restore");
      var lines = new ArrayList<String>();
      assertThat(fixture.platform.exec(STORE_0, List.of("detach"), lines::add))
          .isEqualTo(new ExecOutcome.Exited(0, ""));
      long job = Long.parseLong(lines.getFirst());
      fixture.killSupervisor();
      fixture.startSupervisor();

      assertThat(ProcessHandle.of(job)).isPresent();
      assertThat(fixture.platform.fencing(STORE_0)).isInstanceOf(Fencing.Proven.class);
      assertThatThrownBy(() -> fixture.platform.setAside(TOKEN, STORE_0, "x"))
          .hasMessageContaining("pid " + job);

      fixture.signal(job, "KILL");
      eventually()
          .ignoreExceptions()
          .until(() -> {
            fixture.platform.setAside(TOKEN, STORE_0, "x");
            return true;
          });
    }
  }

  @Test
  void aSupervisorWhoseDirectoryVanishedEndsEverything() {
    var fixture = new SupervisorFixture();
    start(fixture, SupervisorFixture.web());
    List<Long> members = fixture.marked("/web-");
    long supervisor = fixture.platform.supervisorPid();
    assertThat(members).hasSize(2);

    SupervisorFixture.remove(fixture.directory);

    eventually()
        .until(() -> members.stream().noneMatch(SupervisorTest::alive) && !alive(supervisor));
    assertThat(fixture.directory).doesNotExist();
  }

  @Test
  void aSupervisorWithoutPrivilegesObeysRoot() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")));
    assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0));
    Path root = SupervisorFixture.fresh();
    Path directory = Files.createDirectory(root.resolve("platform"));
    SupervisorFixture.run("chown", "-R", "65534:65534", root.toString());
    try (var fixture =
        new SupervisorFixture(directory, readableClassPath(root), OptionalInt.of(65534))) {
      start(fixture, SupervisorFixture.store());

      assertThat(Files.getAttribute(Path.of("/proc/" + fixture.mainPid(STORE_0)), "unix:uid"))
          .isEqualTo(65534);
      assertThat(fixture.platform.fence(TOKEN, STORE_0, "test")).isInstanceOf(Fencing.Proven.class);
      fixture.platform.setAside(TOKEN, STORE_0, "x");
      assertThat(fixture.platform.asides("store")).hasSize(1);
    }
    SupervisorFixture.remove(root);
  }

  @Test
  void anExecThatIsInterruptedReturnsAndKeepsTheInterrupt() throws InterruptedException {
    try (var fixture = new SupervisorFixture()) {
      start(fixture, SupervisorFixture.store());
      var outcome = new CompletableFuture<ExecOutcome>();
      var lines = new CopyOnWriteArrayList<String>();
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                ExecOutcome ended = fixture.platform.exec(STORE_0, List.of("linger"), lines::add);
                if (Thread.currentThread().isInterrupted()) {
                  outcome.complete(ended);
                }
              });
      eventually().until(() -> lines.contains("before"));

      caller.interrupt();

      assertThat(outcome)
          .succeedsWithin(Duration.ofSeconds(10))
          .isEqualTo(new ExecOutcome.Broken("interrupted"));
      caller.join();
    }
  }

  @Test
  void manyLaunchersAtOnceEndWithOneSupervisor() {
    Path directory = SupervisorFixture.fresh();
    List<CompletableFuture<SupervisorFixture>> started =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> new SupervisorFixture(directory)))
            .limit(3)
            .toList();
    List<SupervisorFixture> fixtures = started.stream().map(CompletableFuture::join).toList();

    assertThat(fixtures)
        .extracting(f -> f.platform.supervisorPid())
        .containsOnly(fixtures.getFirst().platform.supervisorPid());
    fixtures.getFirst().close();
  }

  @Test
  void aStateDirectoryOfAnyLengthHasASocket() throws IOException {
    Path root = SupervisorFixture.fresh();
    Path deep = Files.createDirectories(root.resolve("d".repeat(120)));
    try (var fixture = new SupervisorFixture(deep)) {
      assertThat(fixture.platform.supervisorPid()).isPositive();
    }
    SupervisorFixture.remove(root);
  }

  private static void start(SupervisorFixture fixture, WorkloadSpec spec) {
    fixture.platform.apply(TOKEN, spec);
    settled(fixture, spec.name());
  }

  private static void settled(SupervisorFixture fixture, String workload) {
    eventually().until(() -> fixture.platform.workload(workload), Workload::settled);
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
  }

  private static WorkloadSpec with(WorkloadSpec spec, List<ContainerSpec> containers) {
    return new WorkloadSpec(
        spec.name(),
        spec.kind(),
        spec.replicas(),
        containers,
        spec.environment(),
        spec.agent(),
        spec.hasVolume(),
        spec.addresses(),
        spec.stop(),
        spec.progressDeadlineMillis());
  }

  /// The class path copied to where every user can read it.
  private static String readableClassPath(Path root) throws IOException {
    SupervisorFixture.run("chmod", "755", root.toString());
    Path copies = Files.createDirectory(root.resolve("classes"));
    var copied = new ArrayList<String>();
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      if (!entry.isEmpty() && !entry.contains("junit") && Files.exists(Path.of(entry))) {
        Path copy = copies.resolve(copied.size() + "-" + Path.of(entry).getFileName());
        SupervisorFixture.run("cp", "-r", entry, copy.toString());
        copied.add(copy.toString());
      }
    }
    SupervisorFixture.run("chmod", "-R", "a+rX", copies.toString());
    return String.join(":", copied);
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private static List<Long> workingBelow(Path directory) {
    try (var all = ProcessHandle.allProcesses()) {
      return all.map(ProcessHandle::pid).filter(pid -> worksBelow(pid, directory)).toList();
    }
  }

  private static boolean worksBelow(long pid, Path directory) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).startsWith(directory);
    } catch (IOException e) {
      return false;
    }
  }
}
