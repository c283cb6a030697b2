package dev.chrysalis.cassandra.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cassandra.archive.SegmentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentWatchTest {
  private static final long MUCH = 1 << 20;
  private static final long START = 1_795_743_529_719L;

  @TempDir private Path folder;

  private Instant now = Instant.parse("2026-11-27T12:00:00Z");
  private final InstantSource time = () -> now;
  private final Clock clock = time.withZone(ZoneOffset.UTC);
  private SegmentSpool spool;

  @BeforeEach
  void makeSpool() {
    spool = new SegmentSpool(folder);
  }

  @Test
  void tellsUpToWhichMarkerASegmentIsSynced() {
    MadeSegment segment = segment(0).synced(100).synced(60).in(folder);
    try (SegmentWatch watch = fresh()) {
      assertThat(watch.reach(segment.name()).synced()).isEqualTo(segment.length());
      segment.synced(10).in(folder);
      assertThat(watch.reach(segment.name()).synced()).isEqualTo(segment.length());
    }
  }

  @Test
  void beginsWithTheSegmentThatIsWrittenNow() {
    segment(0).synced(100).in(folder);
    SegmentName current = segment(1).synced(10).in(folder).name();
    segment(2).in(folder);
    try (SegmentWatch watch = fresh()) {
      assertThat(watch.oldest()).isEqualTo(current);
      assertThat(spool.kept()).doesNotContain(segment(0).name());
    }
  }

  @Test
  void keepsASegmentThatTheServerRemoves() throws IOException {
    MadeSegment first = segment(0).synced(100).in(folder);
    try (SegmentWatch watch = fresh()) {
      Files.delete(folder.resolve(first.name().toString()));
      SegmentName second = segment(1).synced(10).in(folder).name();

      SegmentWatch.Reach reach = watch.reach(first.name());
      assertThat(reach.synced()).isEqualTo(first.length());
      assertThat(reach.next()).contains(second);
      assertThat(watch.broken()).isEmpty();

      watch.releaseBefore(second);
      assertThat(spool.kept()).containsExactly(second);
    }
  }

  @Test
  void goesOnFromWhatAnEarlierOneKept() throws IOException {
    MadeSegment first = segment(0).synced(100).in(folder);
    fresh().close();
    Files.delete(folder.resolve(first.name().toString()));
    segment(1).synced(10).in(folder);

    try (SegmentWatch watch = resumed(first.name()).orElseThrow()) {
      assertThat(watch.oldest()).isEqualTo(first.name());
      assertThat(watch.reach(first.name()).synced()).isEqualTo(first.length());
    }
  }

  @Test
  void isBrokenWhereASegmentCameAndWentUnseen() {
    SegmentName first = segment(0).synced(100).in(folder).name();
    try (SegmentWatch watch = fresh()) {
      segment(2).synced(10).in(folder);
      watch.look();
      assertThat(watch.broken()).isPresent();
    }
    assertThat(resumed(first)).isEmpty();
  }

  @Test
  void goesOnWithAnotherProcessThatItSawBegin() {
    segment(0).synced(100).in(folder);
    try (SegmentWatch watch = fresh()) {
      segment(60_000).synced(10).in(folder);
      watch.look();
      assertThat(watch.broken()).isEmpty();
    }
  }

  @Test
  void doesNotGoOnWithAnotherProcessThatNobodySawBegin() {
    SegmentName first = segment(0).synced(100).in(folder).name();
    fresh().close();
    segment(60_000).synced(10).in(folder);

    assertThat(resumed(first)).isEmpty();
  }

  @Test
  void isBrokenWhereNobodyLookedForLong() {
    segment(0).synced(100).in(folder);
    try (SegmentWatch watch = fresh()) {
      now = now.plus(Duration.ofMinutes(1));
      watch.look();
      assertThat(watch.broken()).isPresent();
    }
  }

  @Test
  void isBrokenWhereWhatItKeepsTakesTooMuchRoom() throws IOException {
    MadeSegment first = segment(0).synced(100).in(folder);
    try (SegmentWatch watch =
        SegmentWatch.fresh(spool, clock, MadeSegment.SIZE - 1).orElseThrow()) {
      watch.look();
      assertThat(watch.broken()).isEmpty();
      Files.delete(folder.resolve(first.name().toString()));
      segment(1).in(folder);
      watch.look();
      assertThat(watch.broken()).isPresent();
    }
    assertThat(spool.kept()).as("what the server has still, too").isEmpty();
  }

  private SegmentWatch fresh() {
    return SegmentWatch.fresh(spool, clock, MUCH).orElseThrow();
  }

  private Optional<SegmentWatch> resumed(SegmentName last) {
    return SegmentWatch.resumed(spool, clock, MUCH, last);
  }

  private static MadeSegment segment(long number) {
    return new MadeSegment(START + number);
  }
}
