package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.platform.process.supervisor.VolumeRecord.AsideRecord;
import dev.chrysalis.platform.process.supervisor.VolumeRecord.Intent;
import dev.chrysalis.platform.process.supervisor.VolumeRecord.Move;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// The members' volumes and what was set aside of them. All moves are renames within the state
/// directory.
///
/// 1. A move writes its intent, renames, and writes its outcome together with the removal of the
///    intent.
/// 2. A supervisor that starts finishes every intent before it starts a member: each rename is
///    skipped where it was done already, which is seen from what lies where.
/// 3. What is removed is first renamed into the trash, which is emptied beside and at each start.
///
/// Properties: at every moment the old data lies whole in the member's place or aside; a repeated
/// move whose outcome is written and still lies there changes nothing; a volume that was made once
/// and is not there is never replaced by an empty one unless `setAside` asks for it.
///
/// Callers hold the member's lock `starts` in every method that changes something.
final class VolumeRoom {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,100}");

  private final StateDirectory state;
  private final Clock clock;

  VolumeRoom(StateDirectory state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /// Finishes a move that was cut off by a crash.
  void finish(MemberId member) {
    Intent intent = record(member).intent();
    if (intent != null) {
      complete(member, intent);
    }
  }

  /// Makes the volume of a member that never had one. Returns whether there is one now.
  boolean prepare(MemberId member) {
    VolumeRecord record = record(member);
    if (!record.made()) {
      make(member);
      write(member, record.withMade());
    }
    return isThere(member);
  }

  boolean isThere(MemberId member) {
    return Files.isDirectory(state.volume(member), LinkOption.NOFOLLOW_LINKS);
  }

  /// Whether a job holds the lock under which agents change a volume: a POSIX lock on `volume.lock`
  /// in the member's scratch directory. A job that dies gives it up.
  boolean isLockedByJob(MemberId member) {
    Path lock = state.scratch(member).resolve("volume.lock");
    if (!Files.exists(lock)) {
      return false;
    }
    try (var channel = FileChannel.open(lock, StandardOpenOption.READ)) {
      FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true);
      return shared == null;
    } catch (OverlappingFileLockException _) {
      // Another thread of ours looks at this very moment; look again next time.
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("could not look at " + lock, e);
    }
  }

  Volume look(MemberId member) {
    Path volume = state.volume(member);
    try {
      long free = Files.getFileStore(state.root()).getUsableSpace();
      return isThere(member)
          ? new Volume(Volume.State.PRESENT, FileTree.isEmpty(volume), FileTree.bytes(volume), free)
          : new Volume(Volume.State.MISSING, true, 0, free);
    } catch (IOException e) {
      throw new UncheckedIOException("could not look at the volume of " + member, e);
    }
  }

  private boolean isEmpty(MemberId member) {
    try {
      return FileTree.isEmpty(state.volume(member));
    } catch (IOException e) {
      throw new UncheckedIOException("could not look at the volume of " + member, e);
    }
  }

  /// What the volume holds in bytes, 0 where it is missing.
  long bytes(MemberId member) {
    try {
      return isThere(member) ? FileTree.bytes(state.volume(member)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException("could not measure the volume of " + member, e);
    }
  }

  void setAside(MemberId member, String aside, long bytes) {
    checkName(aside);
    VolumeRecord record = record(member);
    if (wasSetAside(member, record.aside(aside))) {
      return;
    }
    if (Files.exists(place(member, aside))) {
      throw new ChrysalisException(
          PlatformErrors.ASIDE_EXISTS,
          "something that is not known lies in the place of the aside " + aside + " of " + member,
          "Choose another name, or look at " + place(member, aside) + ".");
    }
    var intent =
        new Intent(
            Move.SET_ASIDE, aside, clock.instant(), isThere(member) ? bytes : VolumeRecord.NOTHING);
    write(member, record.withIntent(intent));
    complete(member, intent);
  }

  /// A volume that was missing counts as set aside for as long as nobody fills the one that was
  /// made for it: a repeated call must not list an empty aside.
  private boolean wasSetAside(MemberId member, Optional<AsideRecord> recorded) {
    return recorded.isPresent()
        && (recorded.get().wasMissing()
            ? isThere(member) && isEmpty(member)
            : Files.exists(place(member, recorded.get().name())));
  }

  void giveBack(MemberId member, String aside) {
    checkName(aside);
    VolumeRecord record = record(member);
    if (!Files.exists(place(member, aside))) {
      if (record.givenBack().contains(aside)) {
        return;
      }
      throw new ChrysalisException(
          PlatformErrors.NO_SUCH_ASIDE,
          "nothing is set aside of " + member + " as " + aside,
          "See `chrysalis aside list`.");
    }
    var intent = new Intent(Move.GIVE_BACK, aside, clock.instant(), 0);
    write(member, record.withIntent(intent));
    complete(member, intent);
  }

  void dropAside(MemberId member, String aside) {
    checkName(aside);
    VolumeRecord record = record(member);
    discard(place(member, aside));
    if (record.aside(aside).isPresent()) {
      write(member, record.afterDrop(aside));
    }
  }

  /// Forgets a member that is removed: its volume, asides, logs and working directory go to the
  /// trash.
  void forget(MemberId member) {
    discard(state.volume(member));
    discard(state.asides(member));
    discard(state.logs(member));
    discard(state.scratch(member));
    DurableFile.remove(state.memberFile(member));
    DurableFile.remove(state.volumeFile(member));
  }

  /// What is set aside of a member and still there.
  List<Aside> asides(MemberId member) {
    return record(member).asides().stream()
        .filter(a -> Files.isDirectory(place(member, a.name())))
        .map((AsideRecord a) -> new Aside(member, a.name(), a.at(), a.bytes()))
        .toList();
  }

  /// Removes for good what was renamed into the trash.
  void emptyTrash() {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(state.trash())) {
      for (Path tree : all) {
        FileTree.remove(tree);
      }
    } catch (IOException _) {
      // Somebody else empties it, or it cannot be removed now: the next start tries again.
      return;
    }
  }

  private void complete(MemberId member, Intent intent) {
    switch (intent.move()) {
      case SET_ASIDE -> {
        Path aside = place(member, intent.aside());
        if (intent.bytes() != VolumeRecord.NOTHING && isThere(member) && !Files.exists(aside)) {
          move(state.volume(member), aside);
        }
        make(member);
        write(member, record(member).afterSetAside(intent));
      }
      case GIVE_BACK -> {
        Path aside = place(member, intent.aside());
        if (Files.exists(aside)) {
          discard(state.volume(member));
          move(aside, state.volume(member));
        }
        write(member, record(member).afterGiveBack(intent.aside()));
      }
    }
  }

  private void discard(Path tree) {
    if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      move(tree, state.trash().resolve(UUID.randomUUID().toString()));
    }
  }

  private void move(Path from, Path to) {
    try {
      DurableFile.makeDirectory(to.resolveSibling(""));
      DurableFile.rename(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException("could not move " + from + " to " + to, e);
    }
  }

  private void make(MemberId member) {
    try {
      DurableFile.makeDirectory(state.volume(member));
    } catch (IOException e) {
      throw new UncheckedIOException("could not make the volume of " + member, e);
    }
  }

  private Path place(MemberId member, String aside) {
    return state.asides(member).resolve(aside);
  }

  private VolumeRecord record(MemberId member) {
    return DurableFile.read(state.volumeFile(member), VolumeRecord.class).orElse(VolumeRecord.NONE);
  }

  private void write(MemberId member, VolumeRecord record) {
    DurableFile.write(state.volumeFile(member), record);
  }

  private static void checkName(String aside) {
    if (!NAME.matcher(aside).matches()) {
      throw new ChrysalisException(
          PlatformErrors.BAD_SPECIFICATION,
          "not a name for an aside: " + aside,
          "Use a-z, 0-9 and -.");
    }
  }
}
