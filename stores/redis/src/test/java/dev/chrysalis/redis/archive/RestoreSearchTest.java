package dev.chrysalis.redis.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.control.RestorePoints;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.prune.LogKeep;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreSearchTest {
  private static final MemberId MEMBER = MemberId.parse("redis-0");
  private static final MemberId OTHER = MemberId.parse("redis-1");
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final LogName LOG = LogNames.fresh("redis", MEMBER, NOON, 1);
  private static final LogName LATER = LogNames.fresh("redis", OTHER, at(100), 2);

  private final VaultRepository vault = VaultFixture.create(new MemoryBackend());
  private final Clock clock = Clock.fixed(NOON.plusSeconds(3600), ZoneOffset.UTC);
  private final RestoreSearch search = new RestoreSearch(vault, "redis", clock);

  private static Instant at(int second) {
    return NOON.plusSeconds(second);
  }

  private Snapshot base(Optional<LogName> log, MemberId member, long position, int second) {
    return base(log, member, position, second, 3);
  }

  private Snapshot base(
      Optional<LogName> log, MemberId member, long position, int second, long keys) {
    return base(log, member, position, position, second, keys, "");
  }

  private Snapshot promoted(LogName log, MemberId member, String followed, int second) {
    return base(Optional.of(log), member, 0, 0, second, 3, followed, "of " + member);
  }

  private Snapshot base(
      Optional<LogName> log,
      MemberId member,
      long position,
      long need,
      int second,
      long keys,
      String followed) {
    return base(log, member, position, need, second, keys, followed, "abc");
  }

  private Snapshot base(
      Optional<LogName> log,
      MemberId member,
      long position,
      long need,
      int second,
      long keys,
      String followed,
      String replicationId) {
    BaseFacts facts =
        new BaseFacts(
            member,
            "7.0.15",
            BaseFacts.Format.RDB,
            log.isPresent(),
            log.map(LogName::stream),
            position,
            need,
            at(second),
            keys,
            replicationId,
            9,
            followed);
    try (SnapshotWriter writer = vault.beginSnapshot("redis")) {
      writer.add(new FileEntry(BaseFacts.FILE, FileEntry.Kind.FILE, 0600, 0, NOON, "", List.of()));
      return writer.commit(facts.toMap());
    }
  }

  /// Ten positions that came between two seconds; the last two are of an unfinished command.
  private void piece(LogName log, long from, int since, int asOf) {
    piece(log, from, since, asOf, asOf);
  }

  private void piece(LogName log, long from, int since, int asOf, int until) {
    PieceFacts facts =
        new PieceFacts(
            from + 8,
            at(asOf),
            Optional.of(at(since)),
            Optional.of(at(until)),
            "f",
            "1",
            from + 10,
            "");
    Object _ =
        vault
            .log(log)
            .append(
                from,
                from + 10,
                ByteBuffer.wrap("%010d".formatted(from).getBytes(US_ASCII)),
                facts.toMap());
  }

  private void mark(LogName log, long position, int second) {
    PieceFacts facts =
        new PieceFacts(
            position, at(second), Optional.empty(), Optional.empty(), "f", "1", position, "");
    new CoverageMarks(vault.records(), "redis")
        .write(LogNames.member(log).orElseThrow(), new CoverageMarks.Mark(log, position, facts));
  }

  /// Pieces at 10, 20 and 40, each with the second before it empty, and nothing until 45.
  private void oneLog() {
    Snapshot _ = base(Optional.of(LOG), MEMBER, 0, 5);
    piece(LOG, 0, 9, 10);
    piece(LOG, 10, 19, 20);
    piece(LOG, 20, 39, 40);
    mark(LOG, 30, 45);
  }

  @ParameterizedTest
  @CsvSource({
    "5,0,5",
    "9,0,9",
    "10,8,10",
    "15,8,15",
    "19,8,19",
    "25,18,25",
    "39,18,39",
    "40,28,40",
    "45,28,45"
  })
  void aMomentIsCutAtTheLastBoundaryThatWasThere(int second, long cut, int reached) {
    oneLog();
    RestoreChoice choice = search.choose(Optional.of(at(second)));
    assertThat(choice.log()).contains(new RestoreChoice.Stretch(LOG, 0, cut));
    assertThat(choice.at()).isEqualTo(at(reached));
  }

  @Test
  void theNewestMomentIsThatOfTheNewestMark() {
    oneLog();
    RestorePoints points = new RedisInVault(vault, "redis", clock);
    assertThat(points.recoveryPoint()).contains(at(45));
    assertThat(points.newest().orElseThrow().to()).isEqualTo(at(45));
    assertThat(points.choose(Optional.empty()).to()).isEqualTo(28);
  }

  /// A base whose file is old: what is behind it up to 15 belongs to it, and 20 is a second later.
  private Snapshot baseThatNeedsItsLog() {
    Snapshot base = base(Optional.of(LOG), MEMBER, 0, 15, 5, 3, "");
    piece(LOG, 0, 4, 5);
    piece(LOG, 10, 4, 6);
    piece(LOG, 20, 39, 40);
    return base;
  }

  @ParameterizedTest
  @CsvSource({"6,18,6", "39,18,39", "40,28,40"})
  void whatBelongsToTheBaseIsNeverCutOff(int second, long cut, int reached) {
    Snapshot base = baseThatNeedsItsLog();
    RestoreChoice choice = search.choose(Optional.of(at(second)));
    assertThat(choice.log()).contains(new RestoreChoice.Stretch(LOG, 0, cut));
    assertThat(choice.at()).isEqualTo(at(reached));
    assertThat(search.chosen(base.id(), Optional.of(cut)).log()).isEqualTo(choice.log());
  }

  @Test
  void aBaseStandsForTheMomentByWhichItsLogHasWhatBelongsToIt() {
    Snapshot base = baseThatNeedsItsLog();
    assertThat(new RedisInVault(vault, "redis", clock).all().getFirst().from()).isEqualTo(at(6));
    assertThatThrownBy(() -> search.choose(Optional.of(at(5))))
        .isInstanceOf(ChrysalisException.class);
    assertThat(search.chosen(base.id(), Optional.empty()).log())
        .contains(new RestoreChoice.Stretch(LOG, 0, 18));
    assertThat(search.chosen(base.id(), Optional.of(8L)).at()).isEqualTo(at(6));
  }

  @Test
  void aBaseWithoutAllThatBelongsToItIsNoRestorePoint() {
    Snapshot base = base(Optional.of(LOG), MEMBER, 0, 15, 5, 3, "");
    piece(LOG, 0, 4, 5);
    assertThat(search.reaches()).isEmpty();
    assertThat(search.ownNeed(BaseFacts.fromMap(base.facts()))).contains(new LogExtent(0, 15));
  }

  @Test
  void pruneKeepsWhatBelongsToAnOldBase() {
    List<Snapshot> kept = new ArrayList<>();
    kept.add(baseThatNeedsItsLog());
    kept.add(base(Optional.of(LOG), MEMBER, 28, 41));
    LogKeep keep = new KeptLog(vault, "redis", clock).of(kept, at(50), at(3000)).getFirst();
    assertThat(keep.keep())
        .containsExactly(new LogExtent(0, 18), new LogExtent(28, Long.MAX_VALUE));
  }

  @Test
  void aBaseThatDoesNotSayWhatItNeedsNeedsNothing() {
    Map<String, String> facts = new HashMap<>(base(Optional.of(LOG), MEMBER, 7, 5).facts());
    facts.remove("need");
    assertThat(BaseFacts.fromMap(facts).need()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"4", "46"})
  void aMomentOutsideTheWindowIsRefusedWithTheWindow(int second) {
    oneLog();
    assertThatThrownBy(() -> search.choose(Optional.of(at(second))))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> {
              assertThat(e.code()).isEqualTo(RedisErrors.OUT_OF_WINDOW);
              assertThat(e).hasMessageContaining(at(5).toString());
              assertThat(e).hasMessageContaining(at(45).toString());
            });
  }

  @Test
  void theNewestBaseThatReachesTheMomentIsTaken() {
    oneLog();
    Snapshot second = base(Optional.of(LOG), MEMBER, 18, 21);
    assertThat(search.choose(Optional.of(at(20))).base().position()).isZero();
    RestoreChoice choice = search.choose(Optional.of(at(41)));
    assertThat(choice.snapshot()).isEqualTo(second.id());
    assertThat(choice.log()).contains(new RestoreChoice.Stretch(LOG, 18, 28));
  }

  @Test
  void betweenTwoServersTheOneBeforeIsTakenAndSaysWhereItEnds() {
    oneLog();
    Snapshot _ = base(Optional.of(LATER), OTHER, 0, 100);
    piece(LATER, 0, 101, 102);
    RestoreChoice between = search.choose(Optional.of(at(60)));
    assertThat(between.log()).contains(new RestoreChoice.Stretch(LOG, 0, 28));
    assertThat(between.at()).isEqualTo(at(45));
    assertThat(search.choose(Optional.empty()).base().member()).isEqualTo(OTHER);
  }

  @Test
  void theLastPieceOfAServerThatIsGoneIsOfEveryLaterMoment() {
    Snapshot _ = base(Optional.of(LOG), MEMBER, 0, 5);
    piece(LOG, 0, 9, 10);
    piece(LOG, 10, 18, 20, 19);
    Snapshot _ = base(Optional.of(LATER), OTHER, 0, 100);
    RestoreChoice choice = search.choose(Optional.of(at(60)));
    assertThat(choice.log()).contains(new RestoreChoice.Stretch(LOG, 0, 18));
    assertThat(choice.at()).isEqualTo(at(19));
  }

  @Test
  void whatACutOffMasterWritesWhenAnotherOneTookOverCountsForNothing() {
    oneLog();
    Snapshot _ = promoted(LATER, OTHER, "abc", 100);
    piece(LATER, 0, 101, 102);
    piece(LOG, 30, 199, 200);
    mark(LOG, 40, 300);
    RedisInVault points = new RedisInVault(vault, "redis", clock);
    assertThat(points.recoveryPoint()).contains(at(102));
    assertThat(points.recoveryPoint(MEMBER)).contains(at(100));
    assertThat(points.recoveryPoint(OTHER)).contains(at(102));
    assertThat(search.choose(Optional.empty()).base().member()).isEqualTo(OTHER);
    RestoreChoice before = search.choose(Optional.of(at(99)));
    assertThat(before.log()).contains(new RestoreChoice.Stretch(LOG, 0, 28));
    assertThat(before.at()).isEqualTo(at(99));
  }

  @Test
  void anOldMasterThatComesUpAgainForAMomentTakesNothingOver() {
    Snapshot _ = promoted(LATER, OTHER, "abc", 100);
    piece(LATER, 0, 101, 102);
    Snapshot _ = base(Optional.of(LOG), MEMBER, 0, 150);
    mark(LOG, 0, 155);
    mark(LATER, 10, 300);
    assertThat(search.choose(Optional.of(at(299))).base().member()).isEqualTo(OTHER);
    assertThat(search.choose(Optional.of(at(299))).at()).isEqualTo(at(299));
  }

  @Test
  void aCutOffMasterThatBeginsANewLogHasNotTakenOverAgain() {
    Snapshot _ = promoted(LOG, MEMBER, "abc", 5);
    Snapshot _ = promoted(LATER, OTHER, "def", 100);
    mark(LATER, 0, 300);
    Snapshot _ = promoted(LogNames.fresh("redis", MEMBER, at(200), 3), MEMBER, "abc", 200);
    assertThat(search.newest(OTHER)).contains(at(300));
    Snapshot _ = promoted(LogNames.fresh("redis", MEMBER, at(250), 4), MEMBER, "ghi", 250);
    assertThat(search.newest(OTHER)).contains(at(250));
  }

  @Test
  void aBaseWithoutALogStandsForItsOwnMomentOnly() {
    Snapshot _ = base(Optional.empty(), MEMBER, 0, 5);
    Snapshot _ = base(Optional.empty(), MEMBER, 0, 50);
    assertThat(search.choose(Optional.of(at(49))).at()).isEqualTo(at(5));
    assertThat(search.choose(Optional.empty()).at()).isEqualTo(at(50));
    assertThatThrownBy(() -> search.choose(Optional.of(at(51))))
        .isInstanceOf(ChrysalisException.class);
  }

  @Test
  void theBaseOfAServerThatCameUpEmptyHidesNothing() {
    oneLog();
    Snapshot _ = base(Optional.of(LATER), OTHER, 0, 100, 0);
    assertThat(search.past().keysOfLate()).hasValue(3);
    assertThat(search.choose(Optional.empty()).log())
        .contains(new RestoreChoice.Stretch(LOG, 0, 28));
    assertThat(search.choose(Optional.of(at(100))).base().member()).isEqualTo(OTHER);

    piece(LATER, 0, 101, 102);
    assertThat(search.choose(Optional.empty()).base().member()).isEqualTo(OTHER);
  }

  /// Cut off from the others, it goes on taking bases of what nobody but it has.
  @Test
  void aBaseThatAnOldMasterTookAfterAnotherTookOverCountsForNothing() {
    oneLog();
    Snapshot _ = promoted(LATER, OTHER, "abc", 100);
    piece(LATER, 0, 101, 102);
    Snapshot _ = base(Optional.empty(), MEMBER, 0, 200);

    assertThat(search.choose(Optional.empty()).base().member()).isEqualTo(OTHER);
    assertThat(search.reaches()).noneMatch(r -> r.base().at().equals(at(200)));
  }

  /// As where an emptied server takes writes at once.
  @Test
  void allSinceTheStoreCameUpEmptyIsPassedOverUntilThatIsAccepted() {
    Snapshot _ = anew(LOG, MEMBER, 5, 1000, "before");
    piece(LOG, 0, 9, 10);
    Snapshot _ = anew(LATER, OTHER, 100, 99, "after");
    piece(LATER, 0, 101, 102);

    assertThat(search.past().cameUpEmpty())
        .contains(new RestorePoints.CameUpEmpty(OTHER, at(100), 1000));
    assertThat(search.choose(Optional.empty()).base().member()).isEqualTo(MEMBER);
    assertThat(search.choose(Optional.of(at(102))).base().member()).isEqualTo(OTHER);

    new RedisInVault(vault, "redis", clock).accept(at(103));
    assertThat(search.past().cameUpEmpty()).isEmpty();
    assertThat(search.choose(Optional.empty()).base().member()).isEqualTo(OTHER);
  }

  private Snapshot anew(LogName log, MemberId member, int second, long keys, String process) {
    return base(Optional.of(log), member, 0, 0, second, keys, "", process);
  }

  @Test
  void whatWasEmptyForADayIsEmpty() {
    oneLog();
    Snapshot _ = base(Optional.empty(), OTHER, 0, 86_500, 0);
    assertThat(search.past().keysOfLate()).hasValue(0);
    assertThat(search.choose(Optional.empty()).base().member()).isEqualTo(OTHER);
  }

  @Test
  void aBaseWhoseLogIsNotThereIsNoRestorePoint() {
    Snapshot _ = base(Optional.of(LOG), MEMBER, 100, 5);
    assertThat(search.reaches()).isEmpty();
    assertThatThrownBy(() -> search.choose(Optional.empty()))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(RedisErrors.NO_RESTORE_POINT));
  }

  @Test
  void whatWasChosenIsFoundAgainByItsNames() {
    oneLog();
    RestoreChoice choice = search.choose(Optional.of(at(25)));
    RestoreChoice again =
        search.chosen(choice.snapshot(), choice.log().map(RestoreChoice.Stretch::to));
    assertThat(again.log()).isEqualTo(choice.log());
    assertThat(again.base()).isEqualTo(choice.base());
  }

  @Test
  void aStretchIsReadOverTheEndsOfPieces() throws IOException {
    oneLog();
    try (InputStream in = LogStretch.open(vault, new RestoreChoice.Stretch(LOG, 5, 28))) {
      assertThat(new String(in.readAllBytes(), US_ASCII))
          .isEqualTo("00000" + "0000000010" + "00000000");
    }
    try (InputStream in = LogStretch.open(vault, new RestoreChoice.Stretch(LOG, 5, 40))) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(ChrysalisException.class);
    }
  }

  @Test
  void pruneKeepsAllBehindBasesOfTheWindowAndOfOlderOnesWhatTheyNeedThemselves() {
    List<Snapshot> kept = new ArrayList<>();
    kept.add(base(Optional.of(LOG), MEMBER, 0, 12));
    piece(LOG, 0, 9, 10);
    piece(LOG, 10, 19, 20);
    kept.add(base(Optional.of(LOG), MEMBER, 18, 21));
    LogKeep keep = new KeptLog(vault, "redis", clock).of(kept, at(30), at(3000)).getFirst();
    assertThat(keep.log()).isEqualTo(LOG);
    assertThat(keep.keep()).containsExactly(new LogExtent(0, 8), new LogExtent(18, Long.MAX_VALUE));
  }

  @Test
  void marksOfFormerDaysAreNamedForPrune() {
    mark(LOG, 0, 0);
    assertThat(new KeptLog(vault, "redis", clock).marksBefore(at(86_400))).hasSize(1);
    assertThat(new KeptLog(vault, "redis", clock).marksBefore(at(60))).isEmpty();
  }
}
