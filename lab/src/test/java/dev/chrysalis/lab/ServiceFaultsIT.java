package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.process.ProcessPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Each fault of services does what it says, one after another on one lab with a service of each
/// kind.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ServiceFaultsIT {
  private static final Token LATER = new Token(7);

  private final Lab lab = TestLab.fresh();
  private final HttpClient http = HttpClient.newHttpClient();
  private ProcessPlatform platform;

  @BeforeAll
  void start() {
    LabStatus status = lab.up(LabServices.parse("odyssey,nexus"), words -> {});
    assertThat(status.whole()).isTrue();
    assertThat(status.services()).containsExactly("perception", "odyssey", "nexus");
    assertThat(lab.layout().stackFile()).hasContent(lab.stackYaml());
    platform = new ProcessPlatform(lab.layout().platform());
  }

  @AfterAll
  void remove() {
    http.close();
    lab.down();
    assertThat(TestLab.processesOf(lab)).isEmpty();
  }

  @Test
  @Order(1)
  void itsProgramsStartWithAnArchiveOfTheirClasses() {
    assertThat(Path.of("target/archives"))
        .isDirectoryContaining(file -> file.getFileName().toString().startsWith("service-"));
  }

  @Test
  @Order(1)
  void nexusShowsTheWholeChain() throws Exception {
    String nexus = "http://" + member("nexus", 0).address() + ":8080";
    assertThat(ask(nexus + "/api/overview").body())
        .isEqualTo("{\"serves\":{\"perception\":true,\"odyssey\":true}}");
    HttpRequest write =
        HttpRequest.newBuilder(URI.create(nexus + "/api/rims"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"id\":42,\"value\":\"through\"}"))
            .build();
    assertThat(http.send(write, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    assertThat(lab.reader(http).page(41))
        .extracting(rim -> rim.value())
        .containsExactly("through", FirstItems.VALUE);
  }

  @Test
  @Order(2)
  void oneThatIsKilledComesBackByItself() {
    Disaster disaster = lab.breakIt(Fault.SERVICE_KILLED, LabService.ODYSSEY);
    assertThat(disaster.members()).hasToString("[odyssey-0]");
    awaitMembers("odyssey", m -> m.ready() && m.restarts() == 1 && m.lastExit().equals("signal 9"));
    assertThat(lab.layout().disasters()).content().contains("SERVICE_KILLED [odyssey-0]");
  }

  @Test
  @Order(3)
  void oneThatRunsOutOfMemoryEndsAndComesBackByItself() {
    assertThat(lab.breakIt(Fault.OUT_OF_MEMORY).members()).hasSize(2);
    assertThat(platform.workload("perception").members())
        .allSatisfy(m -> assertThat(m.lastExit()).isEqualTo("exit 3"));
    awaitMembers("perception", Member::ready);
  }

  @Test
  @Order(4)
  void aBadReleaseLoopsWhileTheOlderOneServesOnTheOtherMember() {
    // A recovery of before had a higher token than the lab.
    platform.scale(LATER, "perception", 2);
    lab.breakIt(Fault.BAD_RELEASE);
    patiently().until(() -> member("perception", 1).phase() == Member.Phase.CRASH_LOOPING);
    assertThat(platform.workload("perception").revision()).isEqualTo(2);
    assertThat(member("perception", 1))
        .extracting(Member::lastExit, Member::revision)
        .containsExactly("exit 1", 2);
    assertThat(member("perception", 0))
        .extracting(Member::ready, Member::revision)
        .containsExactly(true, 1);
    assertThat(platform.logs(new MemberId("perception", 1), "", 10))
        .anySatisfy(line -> assertThat(line).contains("Could not find or load main class"));
    platform.rollback(LATER, "perception", 1);
    lab.breakIt(Fault.BAD_RELEASE);
    assertThat(platform.workload("perception").revision()).as("another bad one").isEqualTo(4);
    platform.rollback(LATER, "perception", 1);
  }

  @Test
  @Order(5)
  void aBadConfigurationStartsAndNeverGetsReady() {
    lab.breakIt(Fault.BAD_CONFIGURATION);
    lab.breakIt(Fault.BAD_CONFIGURATION, LabService.ODYSSEY);
    awaitAnswerOf("http://" + member("perception", 1).address() + ":8080", 503);
    awaitAnswerOf("http://" + member("odyssey", 0).address() + ":8080", 503);
    assertThat(member("perception", 1).ready()).isFalse();
    assertThat(member("perception", 1).phase()).isEqualTo(Member.Phase.STARTING);
    assertThat(member("perception", 0).ready()).isTrue();
    assertThat(member("odyssey", 0).ready()).isFalse();
    platform.rollback(LATER, "perception", 1);
    platform.rollback(LATER, "odyssey", 1);
    patiently()
        .until(() ->
            platform.workload("perception").settled() && platform.workload("odyssey").settled());
  }

  @Test
  @Order(6)
  void oneThatHangsStaysThereAndAnswersNothingAndNexusSaysSo() {
    lab.breakIt(Fault.SERVICE_HUNG, LabService.ODYSSEY);
    awaitMembers("odyssey", m -> !m.ready() && m.phase() == Member.Phase.RUNNING);
    awaitMembers("nexus", m -> !m.ready() && m.restarts() == 0);
    assertThatThrownBy(() -> lab.breakIt(Fault.OUT_OF_MEMORY, LabService.ODYSSEY))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(LabErrors.FAULT_FAILED));
    assertThatThrownBy(() -> lab.breakIt(Fault.SERVICE_HUNG, LabService.PLATO))
        .hasMessageContaining("has no plato, only perception,odyssey,nexus");
  }

  @Test
  @Order(7)
  void everythingCanHangAtOnce() {
    Disaster disaster = lab.breakIt(Fault.ALL_DOWN);
    assertThat(disaster.members()).hasSize(12);
    patiently()
        .until(() ->
            platform.workloads().stream()
                .filter(w -> !w.name().equals("postgres"))
                .flatMap(w -> w.members().stream())
                .noneMatch(Member::ready));
    assertThat(lab.status().primary()).isEmpty();
    assertThat(TestLab.processesOf(lab).stream().filter(pid -> !TestLab.halted(pid)))
        .as("the supervisor alone")
        .containsExactly(platform.supervisorPid());
  }

  private void awaitMembers(String workload, Predicate<Member> all) {
    patiently().until(() -> platform.workload(workload).members().stream().allMatch(all));
  }

  private void awaitAnswerOf(String base, int status) {
    patiently()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> ask(base + "/actuator/health/readiness").statusCode() == status);
  }

  private Member member(String workload, int ordinal) {
    return platform.workload(workload).members().get(ordinal);
  }

  private HttpResponse<String> ask(String url) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60));
  }
}
