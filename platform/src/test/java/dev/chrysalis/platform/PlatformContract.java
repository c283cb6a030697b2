package dev.chrysalis.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Member.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What every platform must do. Its subject runs two workloads:
///
/// - `web`, a deployment of two members, at most three, without volumes. Its main container `main`
///   prints `hello from MEMBER` and serves until it is stopped; with `BROKEN=yes` in its
///   environment it ends at once with exit code 3.
/// - `store`, a stateful set of one member, at most two, each with a volume, whose agent
///   understands `echo WORDS` (a line each) and `fail CODE TEXT` (on standard error).
public abstract class PlatformContract {
  protected static final Token TOKEN = new Token(5);
  protected static final MemberId WEB_0 = new MemberId("web", 0);
  protected static final MemberId WEB_1 = new MemberId("web", 1);
  protected static final MemberId STORE_0 = new MemberId("store", 0);

  /// The platform under test; the same one during a test.
  protected abstract Platform platform();

  /// Kills the member's main process, as a crash would.
  protected abstract void kill(MemberId member);

  /// Makes the member's main process hang: it is there and does nothing.
  protected abstract void hang(MemberId member);

  /// Writes a file into the member's volume.
  protected abstract void writeToVolume(MemberId member, String file, String text);

  /// Reads a file of the member's volume.
  protected abstract Optional<String> readFromVolume(MemberId member, String file);

  /// Removes the member's volume, as a lost disk would.
  protected abstract void loseVolume(MemberId member);

  @Test
  void workloadsComeUpAsDeclared() {
    settled("web");
    settled("store");

    assertThat(platform().workloads()).extracting(Workload::name).containsExactly("store", "web");
    Workload web = platform().workload("web");
    assertThat(web.kind()).isEqualTo(Workload.Kind.DEPLOYMENT);
    assertThat(web.members()).extracting(Member::id).containsExactly(WEB_0, WEB_1);
    assertThat(web.members())
        .allSatisfy(member -> {
          assertThat(member.phase()).isEqualTo(Phase.RUNNING);
          assertThat(member.ready()).isTrue();
          assertThat(member.restarts()).isZero();
        });
    assertThat(platform().workload("store").kind()).isEqualTo(Workload.Kind.STATEFUL_SET);
  }

  @Test
  void whatDoesNotExistIsSaidSo() {
    refused(PlatformErrors.NO_SUCH_WORKLOAD, () -> platform().workload("nobody"));
    refused(PlatformErrors.NO_SUCH_WORKLOAD, () -> platform().scale(TOKEN, "nobody", 1));
    refused(
        PlatformErrors.NO_SUCH_MEMBER,
        () -> platform().restartMember(TOKEN, new MemberId("web", 7)));
    refused(PlatformErrors.NO_SUCH_MEMBER, () -> platform().fencing(new MemberId("store", 9)));
    refused(PlatformErrors.NO_SUCH_REVISION, () -> platform().rollback(TOKEN, "web", 99));
    refused(PlatformErrors.BAD_SPECIFICATION, () -> platform().scale(TOKEN, "web", 4));
  }

  @Test
  void scalingRemovesTheHighestMembersAndBringsThemBack() {
    settled("web");

    platform().scale(TOKEN, "web", 1);
    eventually("web", w -> w.members().size() == 1 && w.settled());
    assertThat(platform().workload("web").members().getFirst().id()).isEqualTo(WEB_0);

    platform().scale(TOKEN, "web", 0);
    eventually("web", w -> w.members().isEmpty() && w.settled());

    platform().scale(TOKEN, "web", 3);
    eventually("web", w -> w.members().size() == 3 && w.settled());
  }

  @Test
  void aMemberThatDiesComesBackAndSaysHowItDied() {
    settled("web");

    kill(WEB_0);

    eventually("web", w -> member(w, WEB_0).restarts() == 1 && w.settled());
    assertThat(member(platform().workload("web"), WEB_0).lastExit()).isEqualTo("signal 9");
    assertThat(platform().events("web", 100))
        .anySatisfy(event -> assertThat(event.subject()).isEqualTo("web-0"));
  }

  @Test
  void aHungMemberIsReplacedAlone() {
    settled("web");
    Member other = member(platform().workload("web"), WEB_1);
    hang(WEB_0);

    platform().restartMember(TOKEN, WEB_0);

    settled("web");
    assertThat(member(platform().workload("web"), WEB_1)).isEqualTo(other);
  }

  @Test
  void aScratchRunsBesideItsModelOnAVolumeOfItsOwn() {
    settled("store");
    MemberId copy = new MemberId("copy", 0);
    writeToVolume(STORE_0, "who", "the store");
    Workload before = platform().workload("store");

    platform().createScratch(TOKEN, "store", "copy", Map.of("PURPOSE", "a look"));

    assertThat(platform().fencing(copy)).isInstanceOf(Fencing.Proven.class);
    assertThat(platform().volume(copy).empty()).isTrue();
    assertThat(platform().workload("copy").environment())
        .containsEntry("PURPOSE", "a look")
        .containsEntry(Platform.SCRATCH_OF, "store");
    writeToVolume(copy, "who", "the copy");
    platform().unfence(TOKEN, copy);
    settled("copy");
    List<String> said = new ArrayList<>();
    assertThat(platform().exec(copy, List.of("echo", "hello"), said::add))
        .isEqualTo(new ExecOutcome.Exited(0, ""));
    assertThat(said).containsExactly("hello");
    platform().createScratch(TOKEN, "store", "copy", Map.of("PURPOSE", "a look"));
    assertThat(readFromVolume(copy, "who")).contains("the copy");
    assertThat(readFromVolume(STORE_0, "who")).contains("the store");
    // That a revision is proven comes with time.
    assertThat(platform().workload("store"))
        .usingRecursiveComparison()
        .ignoringFields("proven")
        .isEqualTo(before);
  }

  @Test
  void aScratchThatIsRemovedLeavesNothingBehind() {
    settled("store");
    MemberId copy = new MemberId("copy", 0);
    platform().createScratch(TOKEN, "store", "copy", Map.of());
    assertThat(platform().volume(copy).empty()).isTrue();
    writeToVolume(copy, "who", "the copy");
    platform().unfence(TOKEN, copy);
    settled("copy");

    platform().removeScratch(TOKEN, "copy");
    platform().removeScratch(TOKEN, "copy");

    refused(PlatformErrors.NO_SUCH_WORKLOAD, () -> platform().workload("copy"));
    assertThat(platform().workloads()).extracting(Workload::name).containsExactly("store", "web");
    platform().createScratch(TOKEN, "store", "copy", Map.of());
    assertThat(platform().volume(copy).empty()).isTrue();
    assertThat(platform().fencing(copy)).isInstanceOf(Fencing.Proven.class);
    platform().removeScratch(TOKEN, "copy");
    settled("store");
  }

  @Test
  void noWorkloadOfItsOwnPassesForAScratch() {
    settled("store");

    refused(PlatformErrors.BAD_SPECIFICATION, () -> platform().removeScratch(TOKEN, "store"));
    refused(
        PlatformErrors.BAD_SPECIFICATION,
        () -> platform().createScratch(TOKEN, "store", "web", Map.of()));
    refused(
        PlatformErrors.BAD_SPECIFICATION,
        () -> platform().createScratch(TOKEN, "web", "copy", Map.of()));
    refused(
        PlatformErrors.NO_SUCH_WORKLOAD,
        () -> platform().createScratch(TOKEN, "nobody", "copy", Map.of()));
    assertThat(platform().workload("store").settled()).isTrue();
  }

  @Test
  void aRestartKeepsTheRevision() {
    settled("web");
    int revision = platform().workload("web").revision();

    platform().restart(TOKEN, "web");

    settled("web");
    assertThat(platform().workload("web").revision()).isEqualTo(revision);
  }

  @Test
  void configuringMakesANewRevisionOnlyWhenSomethingChanges() {
    settled("web");
    int before = platform().workload("web").revision();

    int after = platform().configure(TOKEN, "web", Map.of("COLOUR", "blue"));
    assertThat(after).isGreaterThan(before);
    assertThat(platform().configure(TOKEN, "web", Map.of("COLOUR", "blue"))).isEqualTo(after);

    settled("web");
    Workload web = platform().workload("web");
    assertThat(web.revision()).isEqualTo(after);
    assertThat(web.revisions()).contains(before).endsWith(after);
    assertThat(web.environment()).containsEntry("COLOUR", "blue");
  }

  @Test
  void aBrokenRevisionTakesOneMemberDownAndIsRolledBack() {
    settled("web");
    int good = platform().workload("web").revision();

    int broken = platform().configure(TOKEN, "web", Map.of("BROKEN", "yes"));

    eventually(
        "web",
        w ->
            w.members().stream()
                .anyMatch(m -> m.phase() == Phase.CRASH_LOOPING && m.revision() == broken));
    Workload web = platform().workload("web");
    assertThat(web.settled()).isFalse();
    assertThat(web.proven()).contains(good).doesNotContain(broken);
    assertThat(web.members()).filteredOn(Member::ready).hasSize(1);
    assertThat(web.members()).filteredOn(m -> m.lastExit().equals("exit 3")).hasSize(1);

    platform().rollback(TOKEN, "web", good);

    settled("web");
    Workload back = platform().workload("web");
    assertThat(back.revision()).isGreaterThan(broken);
    assertThat(back.environment()).doesNotContainKey("BROKEN");
  }

  @Test
  void aStaleTokenIsRefusedAndBothAreNamed() {
    settled("web");
    platform().scale(new Token(17), "web", 2);

    ChrysalisException refusal =
        refused(PlatformErrors.STALE_TOKEN, () -> platform().scale(new Token(16), "web", 0));
    assertThat(refusal).hasMessageContaining("16").hasMessageContaining("17");
    Token stale = new Token(16);
    refused(PlatformErrors.STALE_TOKEN, () -> platform().restart(stale, "web"));
    refused(PlatformErrors.STALE_TOKEN, () -> platform().restartMember(stale, WEB_0));
    refused(PlatformErrors.STALE_TOKEN, () -> platform().rollback(stale, "web", 1));
    refused(PlatformErrors.STALE_TOKEN, () -> platform().configure(stale, "web", Map.of("A", "b")));
    refused(PlatformErrors.STALE_TOKEN, () -> platform().fence(stale, WEB_0, "stale"));
    refused(PlatformErrors.STALE_TOKEN, () -> platform().unfence(stale, WEB_0));
    refused(PlatformErrors.STALE_TOKEN, () -> platform().setAside(stale, STORE_0, "x"));
    refused(PlatformErrors.STALE_TOKEN, () -> platform().giveBack(stale, STORE_0, "x"));
    refused(PlatformErrors.STALE_TOKEN, () -> platform().dropAside(stale, STORE_0, "x"));
    refused(
        PlatformErrors.STALE_TOKEN,
        () -> platform().createScratch(stale, "store", "copy", Map.of()));
    refused(PlatformErrors.STALE_TOKEN, () -> platform().removeScratch(stale, "copy"));

    assertThat(platform().workload("web").replicas()).isEqualTo(2);
    assertThat(platform().fencing(WEB_0)).isInstanceOf(Fencing.NotFenced.class);
  }

  @Test
  void aFencedMemberStaysStoppedWhoeverAsks() {
    settled("store");
    assertThat(platform().fencing(STORE_0)).isInstanceOf(Fencing.NotFenced.class);

    Fencing fencing = platform().fence(TOKEN, STORE_0, "promotion of store-1");

    assertThat(fencing).isInstanceOf(Fencing.Proven.class);
    assertThat(((Fencing.Proven) fencing).evidence()).contains("store-0", "token 5");
    assertThat(platform().fence(TOKEN, STORE_0, "again")).isInstanceOf(Fencing.Proven.class);
    platform().scale(TOKEN, "store", 1);
    platform().restart(TOKEN, "store");
    platform().restartMember(TOKEN, STORE_0);
    eventually("store", w -> member(w, STORE_0).phase() == Phase.FENCED);
    await()
        .during(Duration.ofMillis(600))
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            platform().fencing(STORE_0) instanceof Fencing.Proven
                && !member(platform().workload("store"), STORE_0).ready());

    platform().unfence(TOKEN, STORE_0);
    settled("store");
    assertThat(platform().fencing(STORE_0)).isInstanceOf(Fencing.NotFenced.class);
  }

  @Test
  void aHungMemberIsFencedToo() {
    settled("store");
    hang(STORE_0);

    assertThat(platform().fence(TOKEN, STORE_0, "hung")).isInstanceOf(Fencing.Proven.class);
  }

  @Test
  void aVolumeIsNotMovedUnderARunningMember() {
    settled("store");

    refused(
        PlatformErrors.VOLUME_IN_USE, () -> platform().setAside(TOKEN, STORE_0, "before-restore"));
    assertThat(platform().asides("store")).isEmpty();
  }

  @Test
  void aVolumeIsSetAsideAndGivenBack() {
    stopStoreWith("data", "old");

    platform().setAside(TOKEN, STORE_0, "before-restore");
    assertThat(platform().volume(STORE_0).state()).isEqualTo(Volume.State.PRESENT);
    assertThat(platform().volume(STORE_0).empty()).isTrue();
    assertThat(platform().asides("store"))
        .singleElement()
        .satisfies(aside -> {
          assertThat(aside.member()).isEqualTo(STORE_0);
          assertThat(aside.name()).isEqualTo("before-restore");
          assertThat(aside.bytes()).isEqualTo(3);
        });

    writeToVolume(STORE_0, "data", "new");
    platform().setAside(TOKEN, STORE_0, "before-restore");
    assertThat(readFromVolume(STORE_0, "data")).contains("new");

    platform().giveBack(TOKEN, STORE_0, "before-restore");
    assertThat(readFromVolume(STORE_0, "data")).contains("old");
    assertThat(platform().asides("store")).isEmpty();
    platform().giveBack(TOKEN, STORE_0, "before-restore");
    assertThat(readFromVolume(STORE_0, "data")).contains("old");
  }

  @Test
  void whereAVolumeIsGoneNothingIsSetAside() {
    stopStoreWith("data", "old");
    loseVolume(STORE_0);

    platform().setAside(TOKEN, STORE_0, "after-loss");
    platform().setAside(TOKEN, STORE_0, "after-loss");

    assertThat(platform().volume(STORE_0).state()).isEqualTo(Volume.State.PRESENT);
    assertThat(platform().volume(STORE_0).empty()).isTrue();
    assertThat(platform().asides("store")).isEmpty();
    refused(PlatformErrors.NO_SUCH_ASIDE, () -> platform().giveBack(TOKEN, STORE_0, "after-loss"));
  }

  @Test
  void whatWasLeftInALostVolumesPlaceIsSetAsideUnderTheSameName() {
    stopStoreWith("data", "old");
    loseVolume(STORE_0);
    platform().setAside(TOKEN, STORE_0, "run-1");
    writeToVolume(STORE_0, "data", "half");

    platform().setAside(TOKEN, STORE_0, "run-1");

    assertThat(platform().volume(STORE_0).empty()).isTrue();
    assertThat(platform().asides("store"))
        .singleElement()
        .satisfies(aside -> {
          assertThat(aside.name()).isEqualTo("run-1");
          assertThat(aside.bytes()).isEqualTo(4);
        });
    platform().giveBack(TOKEN, STORE_0, "run-1");
    assertThat(readFromVolume(STORE_0, "data")).contains("half");
    assertThat(platform().asides("store")).isEmpty();
  }

  @Test
  void anAsideIsDroppedForGood() {
    stopStoreWith("data", "old");
    platform().setAside(TOKEN, STORE_0, "first");

    platform().dropAside(TOKEN, STORE_0, "first");
    platform().dropAside(TOKEN, STORE_0, "first");

    assertThat(platform().asides("store")).isEmpty();
    refused(PlatformErrors.NO_SUCH_ASIDE, () -> platform().giveBack(TOKEN, STORE_0, "first"));
  }

  @Test
  void aLostVolumeIsNotReplacedByAnEmptyOneUnlessAskedFor() {
    stopStoreWith("data", "old");
    loseVolume(STORE_0);
    assertThat(platform().volume(STORE_0).state()).isEqualTo(Volume.State.MISSING);

    platform().scale(TOKEN, "store", 1);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            platform().events("store", 100).stream()
                .anyMatch(e -> e.reason().equals("VolumeMissing")));
    assertThat(platform().volume(STORE_0).state()).isEqualTo(Volume.State.MISSING);
    assertThat(member(platform().workload("store"), STORE_0).ready()).isFalse();

    platform().setAside(TOKEN, STORE_0, "after-loss");
    settled("store");
    assertThat(platform().volume(STORE_0).state()).isEqualTo(Volume.State.PRESENT);
    assertThat(platform().asides("store")).isEmpty();
  }

  @Test
  void theAgentRunsBesideAMemberWhetherItsServerRunsOrNot() {
    settled("store");
    assertThat(exec("echo", "one", "two")).isEqualTo(new ExecOutcome.Exited(0, ""));
    assertThat(lines).containsExactly("one", "two");

    platform().scale(TOKEN, "store", 0);
    eventually("store", w -> w.members().isEmpty());
    assertThat(exec("fail", "9", "disk on fire"))
        .isEqualTo(new ExecOutcome.Exited(9, "disk on fire"));
  }

  @Test
  void logsHoldThisAndThePreviousIncarnation() {
    settled("web");
    kill(WEB_0);
    eventually("web", w -> member(w, WEB_0).restarts() == 1 && w.settled());

    assertThat(platform().logs(WEB_0, "main", 10))
        .containsExactly("hello from web-0", "hello from web-0");
    assertThat(platform().logs(WEB_0, "main", 1)).containsExactly("hello from web-0");
    assertThat(platform().logs(WEB_0, "", 10))
        .as("no container named: the main one")
        .containsExactly("hello from web-0", "hello from web-0");
    assertThat(platform().logs(WEB_0, "nobody", 10)).isEmpty();
  }

  private final List<String> lines = new ArrayList<>();

  private ExecOutcome exec(String... arguments) {
    return platform().exec(STORE_0, List.of(arguments), lines::add);
  }

  /// Stops the store once this file is in its volume.
  protected final void stopStoreWith(String file, String text) {
    settled("store");
    platform().scale(TOKEN, "store", 0);
    eventually("store", w -> w.members().isEmpty());
    writeToVolume(STORE_0, file, text);
  }

  protected final void settled(String workload) {
    eventually(workload, Workload::settled);
  }

  protected final void eventually(String workload, Predicate<Workload> goal) {
    await()
        .alias(workload)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> platform().workload(workload), goal);
  }

  protected static Member member(Workload workload, MemberId id) {
    return workload.members().stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
  }

  protected static ChrysalisException refused(ErrorCode code, ThrowingCallable call) {
    ChrysalisException refusal = catchThrowableOfType(ChrysalisException.class, call);
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.hint()).isNotEmpty();
    return refusal;
  }
}
