package dev.chrysalis.platform.process.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.platform.process.supervisor.VolumeRecord.AsideRecord;
import dev.chrysalis.platform.process.supervisor.VolumeRecord.Intent;
import dev.chrysalis.platform.process.supervisor.VolumeRecord.Move;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each test sets up what a kill -9 between two instructions leaves behind.
class VolumeRoomTest {
  private static final MemberId MEMBER = new MemberId("store", 0);
  private static final Intent AWAY = new Intent(Move.SET_ASIDE, "x", Instant.EPOCH, 3);
  private static final Intent BACK = new Intent(Move.GIVE_BACK, "x", Instant.EPOCH, 0);
  private static final AsideRecord ASIDE = new AsideRecord("x", Instant.EPOCH, 3);

  @TempDir private Path directory;
  private StateDirectory state;
  private VolumeRoom room;
  private Path volume;
  private Path aside;

  @BeforeEach
  void open() throws IOException {
    state = StateDirectory.open(directory, new Random(1));
    room = new VolumeRoom(state, Clock.systemUTC());
    volume = state.volume(MEMBER);
    aside = state.asides(MEMBER).resolve("x");
  }

  @Test
  void settingAsideGoesOnAfterTheIntent() throws IOException {
    put(volume, "old");
    left(new VolumeRecord(true, AWAY, List.of(), List.of()));

    room.finish(MEMBER);

    assertSetAside();
  }

  @Test
  void settingAsideGoesOnAfterTheRename() throws IOException {
    put(aside, "old");
    left(new VolumeRecord(true, AWAY, List.of(), List.of()));

    room.finish(MEMBER);

    assertSetAside();
  }

  @Test
  void settingAsideGoesOnAfterTheEmptyVolumeWasMade() throws IOException {
    put(aside, "old");
    Files.createDirectory(volume);
    left(new VolumeRecord(true, AWAY, List.of(), List.of()));

    room.finish(MEMBER);

    assertSetAside();
  }

  @Test
  void givingBackGoesOnAfterTheIntent() throws IOException {
    put(volume, "new");
    put(aside, "old");
    left(new VolumeRecord(true, BACK, List.of(ASIDE), List.of()));

    room.finish(MEMBER);

    assertGivenBack();
  }

  @Test
  void givingBackGoesOnAfterTheNewVolumeWasDiscarded() throws IOException {
    put(aside, "old");
    left(new VolumeRecord(true, BACK, List.of(ASIDE), List.of()));

    room.finish(MEMBER);

    assertGivenBack();
  }

  @Test
  void givingBackGoesOnAfterBothRenames() throws IOException {
    put(volume, "old");
    left(new VolumeRecord(true, BACK, List.of(ASIDE), List.of()));

    room.finish(MEMBER);

    assertGivenBack();
  }

  @Test
  void aVolumeIsMadeOnceAndMissedAfterwards() throws IOException {
    assertThat(room.prepare(MEMBER)).isTrue();
    Files.delete(volume);

    assertThat(room.prepare(MEMBER)).isFalse();
    assertThat(room.look(MEMBER).state()).isEqualTo(Volume.State.MISSING);
  }

  @Test
  void settingAMissingVolumeAsideTwiceMovesWhatWasWrittenBetween() throws IOException {
    left(VolumeRecord.NONE.withMade());
    room.setAside(MEMBER, "x", 0);
    Files.writeString(volume.resolve("data"), "half");

    room.setAside(MEMBER, "x", 4);

    assertThat(aside.resolve("data")).hasContent("half");
    assertThat(volume).isEmptyDirectory();
    assertThat(room.asides(MEMBER)).extracting(Aside::bytes).containsExactly(4L);
  }

  @Test
  void settingAMissingVolumeAsideGoesOnAfterTheIntentAndMovesNothing() throws IOException {
    var nothing = new Intent(Move.SET_ASIDE, "x", Instant.EPOCH, VolumeRecord.NOTHING);
    left(new VolumeRecord(true, nothing, List.of(), List.of()));

    room.finish(MEMBER);
    room.setAside(MEMBER, "x", 0);

    assertThat(volume).isEmptyDirectory();
    assertThat(aside).doesNotExist();
    assertThat(room.asides(MEMBER)).isEmpty();
  }

  @Test
  void aRecordedAsideThatLiesNowhereIsMadeAnew() throws IOException {
    put(volume, "old");
    left(new VolumeRecord(true, null, List.of(ASIDE), List.of()));

    room.setAside(MEMBER, "x", 3);

    assertSetAside();
  }

  @Test
  void theTrashIsEmptied() throws IOException {
    put(volume, "new");
    put(aside, "old");
    left(new VolumeRecord(true, null, List.of(ASIDE), List.of()));
    room.giveBack(MEMBER, "x");

    room.emptyTrash();

    assertThat(state.trash()).isEmptyDirectory();
  }

  private void assertSetAside() {
    assertThat(aside.resolve("data")).hasContent("old");
    assertThat(volume).isEmptyDirectory();
    assertThat(room.asides(MEMBER)).extracting(Aside::name).containsExactly("x");
    room.setAside(MEMBER, "x", 0);
    assertThat(aside.resolve("data")).hasContent("old");
  }

  private void assertGivenBack() {
    assertThat(volume.resolve("data")).hasContent("old");
    assertThat(aside).doesNotExist();
    assertThat(room.asides(MEMBER)).isEmpty();
    room.giveBack(MEMBER, "x");
    assertThat(volume.resolve("data")).hasContent("old");
  }

  private void left(VolumeRecord record) {
    DurableFile.write(state.volumeFile(MEMBER), record);
  }

  private static void put(Path directory, String data) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("data"), data);
  }
}
