package dev.chrysalis.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.LabErrors;
import dev.chrysalis.lab.ledger.Item;
import dev.chrysalis.lab.ledger.ItemReader;
import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.Write;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The written runbook's commands are followed as written, and measured as every recovery is.
class RunbookByHandTest {
  private static final long LOST_FROM_THE_START = 1;

  @TempDir private Path folder;
  private final HandTime time = new HandTime();
  private final FakePlatform platform = new FakePlatform(time);
  private final List<String> acts = new ArrayList<>();
  private final List<Long> gone = new ArrayList<>();
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private Ledger ledger;
  private boolean clientsReachIt = true;
  private int unreadable;

  @BeforeEach
  void everythingHangs() {
    ledger = Ledger.open(folder.resolve("ledger.log"));
    write(LOST_FROM_THE_START);
    platform
        .with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true)
        .with("perception", Workload.Kind.DEPLOYMENT, 2, 2, false)
        .with("nexus", Workload.Kind.DEPLOYMENT, 1, 1, false);
    platform
        .workloads()
        .forEach(workload -> workload.members().forEach(member -> platform.hang(member.id())));
    platform.beforeCall(call -> acts.add("%.0f s: %s".formatted(time.secondsSinceBegin(), call)));
    time.world(this::clientsWriteWhereTheyAreServed);
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }

  @Test
  void restartsTheStoreSleepsAndThenRestartsTheServicesInTheOrderThatIsWritten() {
    follow();

    assertThat(acts)
        .containsExactly(
            "0 s: restart-member postgres-0",
            "0 s: restart-member postgres-1",
            "60 s: restart-member perception-0",
            "60 s: restart-member perception-1",
            "60 s: restart-member nexus-0");
  }

  @Test
  void measuresUntilAWriteThatWasSentAfterAllWasReadyIsAcknowledgedAndReadBack() {
    ByHand hand = follow();

    assertThat(hand.recoveryTimeSeconds()).isEqualTo(60.2);
    assertThat(hand.lost()).isZero();
  }

  @Test
  void showsEachCommandAsWrittenAndWhatIsDoneForIt() {
    ByHand hand = follow();

    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains(
            "0.0 s  $ kubectl rollout restart deployment/cassandra -n butterfly",
            "restart every member of postgres, then sleep 60 s",
            "left out: no datastore stands for it; its sleep of 30 s is left out too",
            "left out: the lab has no capsule",
            "60.0 s  $ kubectl rollout restart deployment/nexus -n butterfly",
            "ready: nexus 1/1, perception 2/2, postgres 2/2",
            "60.2 s  clients are back");
    assertThat(hand.steps())
        .extracting(ByHand.Done::command)
        .startsWith("kubectl get nodes")
        .endsWith("kubectl get pods -n butterfly");
  }

  @Test
  void givesUpWhenWhatWasRestartedDoesNotGetReady() {
    platform.crashingWith(_ -> true);

    ByHand hand = follow();

    assertThat(hand.back()).isFalse();
    assertThat(hand.recoveryTimeSeconds()).isEqualTo(-1);
    assertThat(time.secondsSinceBegin()).isEqualTo(hand.capSeconds());
    assertThat(acts).hasSize(5);
  }

  @Test
  void givesUpWhenAllIsReadyAndNoWriteIsAcknowledged() {
    clientsReachIt = false;

    ByHand hand = follow();

    assertThat(hand.back()).isFalse();
    assertThat(time.secondsSinceBegin()).isEqualTo(hand.capSeconds());
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("clients are not back");
  }

  @Test
  void readsAgainWhereTheValuesCannotBeReadAtFirst() {
    unreadable = 1;

    ByHand hand = follow();

    assertThat(hand.recoveryTimeSeconds()).isEqualTo(61.2);
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("cannot be read back: too early");
  }

  @Test
  void givesUpWhenTheValuesCanNeverBeRead() {
    unreadable = Integer.MAX_VALUE;

    assertThat(follow().back()).isFalse();
  }

  @Test
  void countsWhatWasLost() {
    gone.add(LOST_FROM_THE_START);

    assertThat(follow().lost()).isEqualTo(1);
  }

  private ByHand follow() {
    Patience patience = new Patience(time);
    ReadBack readBack = new ReadBack(ledger, _ -> reader(), patience, time);
    PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
    Disaster disaster =
        new Disaster(Fault.ALL_DOWN, HandTime.BEGIN, List.of(new MemberId("perception", 0)), null);
    return new RunbookByHand(platform, () -> new Token(7), readBack, patience, time, out)
        .follow(
            WrittenRunbook.allServicesDown(
                List.of(List.of("postgres")), Set.of("postgres", "perception", "nexus")),
            disaster);
  }

  private void clientsWriteWhereTheyAreServed() {
    boolean serves =
        platform.workload("postgres").settled() && platform.workload("perception").settled();
    if (clientsReachIt && serves) {
      write(ledger.lastId() + 1);
    }
  }

  private void write(long id) {
    ledger.attempted(id, "value", time.instant());
    ledger.acknowledged(id, time.instant());
  }

  private ItemReader reader() {
    return after -> {
      if (unreadable > 0) {
        unreadable--;
        throw new ChrysalisException(LabErrors.SERVICE, "too early", "wait");
      }
      return ledger.writes().stream()
          .filter(w -> w.id() > after && w.acknowledgedAt().isPresent() && !gone.contains(w.id()))
          .map(RunbookByHandTest::rim)
          .toList();
    };
  }

  private static Item rim(Write write) {
    return new Item(write.id(), write.value());
  }
}
