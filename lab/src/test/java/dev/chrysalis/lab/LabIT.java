package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.lab.ledger.Incident;
import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.lab.ledger.LoadGenerator;
import dev.chrysalis.lab.ledger.Write;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.platform.process.ProcessPlatform;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The whole lab on the real thing.
final class LabIT {
  private static final MemberId POSTGRES_0 = new MemberId("postgres", 0);

  private final List<Lab> labs = new ArrayList<>();

  @AfterEach
  void removeLabs() {
    labs.forEach(Lab::down);
  }

  @Test
  void itComesUpTakesLoadIsBrokenAndGoesAwayWithoutATrace() throws IOException {
    Lab lab = newLab();
    LabStatus status = lab.up(LabServices.PERCEPTION_ALONE, words -> {});
    assertThat(status.whole()).isTrue();
    assertThat(status.primary()).contains(POSTGRES_0);
    assertThat(lab.layout().stackFile()).hasContent(lab.stackYaml());
    assertThat(TestLab.processesOf(lab)).isNotEmpty();

    try (HttpClient http = HttpClient.newHttpClient();
        Ledger ledger = Ledger.open(lab.layout().ledger())) {
      assertThat(lab.reader(http).page(0)).hasSize(1);
      try (LoadGenerator load = lab.load(ledger, http, new Random(1))) {
        load.start(40);
        patiently().until(() -> load.acknowledged() >= 60);
      }
      Instant now = Instant.now();
      LedgerVerdict verdict =
          LedgerVerdict.compare(ledger.writes(), lab.reader(http), Incident.of(now, now));
      assertThat(verdict.clean()).isTrue();
      assertThat(verdict.acknowledged()).isGreaterThanOrEqualTo(60);
      takesNoSecondValue(lab, ledger, http);
      losesItsPrimary(lab, ledger, http);
    }
    lab.down();
    assertThat(TestLab.processesOf(lab)).isEmpty();
    assertThat(lab.layout().root()).doesNotExist();
    assertThat(claimsOf(lab)).isEmpty();
    lab.down();
  }

  private static void takesNoSecondValue(Lab lab, Ledger ledger, HttpClient http) {
    Write first = ledger.writes().iterator().next();
    assertThat(lab.members(LabService.PERCEPTION, http))
        .allSatisfy(replica -> {
          assertThat(replica.write(first.id(), first.value())).isTrue();
          assertThat(replica.write(first.id(), "another")).isFalse();
        });
  }

  private static void losesItsPrimary(Lab lab, Ledger ledger, HttpClient http) {
    Disaster disaster = lab.breakIt(Fault.PRIMARY_LOST);
    assertThat(disaster.members()).containsExactly(POSTGRES_0);
    assertThat(lab.layout().disasters()).content().contains("PRIMARY_LOST");
    try (LoadGenerator load = lab.load(ledger, http, new Random(2))) {
      long before = ledger.lastId();
      load.start(20);
      patiently().until(() -> ledger.lastId() >= before + 20);
      assertThat(load.firstAcknowledgedAfter(disaster.at())).isEmpty();
    }
    try (ProcessPlatform platform = new ProcessPlatform(lab.layout().platform())) {
      patiently()
          .until(
              () -> platform.workload("perception").members().stream().noneMatch(m -> m.ready()));
      assertThat(platform.volume(POSTGRES_0).state()).isEqualTo(Volume.State.MISSING);
      assertThat(platform.workload("postgres").settled()).isFalse();
    }
  }

  @Test
  void twoLabsRunSideBySideAndOneThatHangsCanBeRemoved() throws IOException {
    Lab one = newLab();
    Lab two = newLab();
    LabStatus first = one.up(LabServices.PERCEPTION_ALONE, words -> {});
    LabStatus second = two.up(LabServices.PERCEPTION_ALONE, words -> {});
    assertThat(first.network()).isNotEqualTo(second.network());
    assertThatThrownBy(() -> one.up(LabServices.PERCEPTION_ALONE, words -> {}))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(LabErrors.ALREADY_UP));
    two.breakIt(Fault.REPLICATION_BROKEN);
    two.breakIt(Fault.PRIMARY_DOWN);
    patiently().until(() -> hangs(two));
    two.down();
    assertThat(one.status().whole()).isTrue();
    assertThat(TestLab.processesOf(two)).isEmpty();
  }

  @Test
  void aLabThatIsBeingMadeCanBeRemoved() throws Exception {
    Lab lab = newLab();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<ChrysalisException> end = new AtomicReference<>();
    Thread maker =
        Thread.ofVirtual()
            .start(() -> {
              try {
                lab.up(LabServices.PERCEPTION_ALONE, words -> begun.countDown());
              } catch (ChrysalisException e) {
                end.set(e);
              }
            });
    begun.await();
    lab.down();
    assertThat(lab.layout().root()).doesNotExist();
    assertThat(claimsOf(lab)).isEmpty();
    maker.join();
    assertThat(end.get().code()).isEqualTo(LabErrors.INTERRUPTED);
    assertThat(TestLab.processesOf(lab)).isEmpty();
  }

  @Test
  void aFolderThatIsNoLabIsLeftAlone() throws IOException {
    Lab lab = newLab();
    Files.createDirectory(lab.layout().root());
    Path thesis = Files.createFile(lab.layout().root().resolve("thesis"));
    assertThatThrownBy(lab::down)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(LabErrors.NOT_A_LAB));
    assertThat(thesis).exists();
    FileTree.remove(lab.layout().root());
  }

  private static boolean hangs(Lab lab) {
    LabStatus status = lab.status();
    return status.primary().isEmpty()
        && status.workloads().stream()
            .flatMap(w -> w.members().stream())
            .noneMatch(m -> m.ready() && !m.id().toString().equals("postgres-1"));
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60));
  }

  private Lab newLab() {
    Lab lab = TestLab.fresh();
    labs.add(lab);
    return lab;
  }

  private static List<Path> claimsOf(Lab lab) throws IOException {
    List<Path> claims = new ArrayList<>();
    try (Stream<Path> files = Files.list(TestLab.TEMPORARY)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.getFileName().toString().startsWith("chrysalis-net-")
            && Files.readString(file).equals(lab.layout().root().toString())) {
          claims.add(file);
        }
      }
    }
    return claims;
  }
}
