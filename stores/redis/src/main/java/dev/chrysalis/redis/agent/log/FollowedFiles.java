package dev.chrysalis.redis.agent.log;

import dev.chrysalis.redis.agent.aof.Manifest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The files that a log is read from, in their order: the first is being read, the server writes to
/// the last one.
///
/// 1. A file is opened as soon as it is seen, and kept open until it is read to its end: a rewrite
///    may take its name away at any time.
/// 2. An increment follows another one where the manifest names both, one behind the other.
/// 3. Where a rewrite was over before both were seen, it follows if its number is the next one and
///    the server has not been started, led by another or given another setting meanwhile: who
///    switches the file off and on leaves the same traces, but for these.
/// 4. Else, and where the one file of Redis 6.2 was replaced, the log ends with the last of them.
///
/// For one thread.
final class FollowedFiles implements AutoCloseable {
  private final AofFolder folder;
  private final Clock clock;
  private final Deque<Followed> files = new ArrayDeque<>();
  private String continuity;
  private Instant writtenBy;
  private boolean ended;

  /// @param continuity the server's sign of it (`ServerMoment`), from before the first look
  FollowedFiles(AofFolder folder, Clock clock, String continuity) {
    this.folder = folder;
    this.clock = clock;
    this.continuity = continuity;
    this.writtenBy = clock.instant();
  }

  /// A file of the log.
  ///
  /// @param start where in it the log's bytes begin
  record Followed(OpenFile file, long sequence, long start, FileGrowth growth) {}

  /// Adds the file of a part if it is there still.
  boolean add(Manifest.Part part, long start) {
    Optional<OpenFile> opened = OpenFile.open(folder.path(part.name()));
    opened.ifPresent(file -> add(file, part.sequence(), start));
    return opened.isPresent();
  }

  void add(OpenFile file, long sequence, long start) {
    Instant known = writtenBy;
    long size = file.size();
    files.add(new Followed(file, sequence, start, new FileGrowth(size, known, clock.instant())));
  }

  Followed current() {
    return files.getFirst();
  }

  /// Whether no further byte will come to the current file.
  boolean currentIsComplete() {
    return files.size() > 1 || ended;
  }

  /// Whether the log ends with the last of the files.
  boolean ended() {
    return ended;
  }

  /// How many bytes the files have together.
  long bytes() {
    return files.stream().mapToLong(f -> f.growth().size()).sum();
  }

  /// How many files are kept open.
  int count() {
    return files.size();
  }

  /// Whether any of them has no name any more: it takes room for as long as it is kept open.
  boolean holdUnnamed() {
    return files.stream().anyMatch(f -> !f.file().isNamed());
  }

  /// Goes on to the next file.
  void leaveCurrent() {
    files.removeFirst().file().close();
  }

  /// Asks the server. Where it holds nothing back all that it had answered before is in its files;
  /// only of such a moment does a look that comes after it say that nothing more was there.
  ServerMoment ask(Supplier<ServerMoment> server) {
    Instant before = clock.instant();
    ServerMoment moment = server.get();
    if (!moment.heldBack()) {
      writtenBy = before;
    }
    return moment;
  }

  /// Looks for new files, and how long all are. Of a file that another one follows, or that was
  /// replaced, no later look says that nothing was behind it: what was is in the other one.
  ///
  /// @param before the newest that was heard of the server before this look
  /// @param now asks the server anew
  void look(ServerMoment before, Supplier<ServerMoment> now) {
    Instant known = writtenBy;
    if (!ended) {
      AofFolder.Layout layout = folder.look();
      if (folder.manifest()) {
        follow(layout.increments(), before, now);
      } else {
        ended = !files.getLast().file().isNamed();
      }
    }
    for (Iterator<Followed> each = files.iterator(); each.hasNext(); ) {
      Followed followed = each.next();
      boolean grows = !ended && !each.hasNext();
      FileGrowth growth = followed.growth();
      growth.saw(followed.file().size(), grows ? known : growth.asOf(), clock.instant());
    }
  }

  private void follow(
      List<Manifest.Part> increments, ServerMoment before, Supplier<ServerMoment> now) {
    Followed last = files.getLast();
    int at = -1;
    for (int i = 0; i < increments.size(); i++) {
      if (increments.get(i).sequence() == last.sequence()) {
        at = i;
      }
    }
    if (at >= 0 && !last.file().isNamed()) {
      ended = true;
    } else if (at >= 0) {
      if (addAll(increments.subList(at + 1, increments.size()))) {
        continuity = before.continuity();
      }
    } else if (!increments.isEmpty()
        && increments.getFirst().sequence() == last.sequence() + 1
        && now.get().continuity().equals(continuity)) {
      boolean _ = addAll(increments);
    } else {
      ended = true;
    }
  }

  /// Whether any was added. One that has vanished since ends it: the next look tells what then is.
  private boolean addAll(List<Manifest.Part> parts) {
    boolean any = false;
    for (Manifest.Part part : parts) {
      if (!add(part, 0)) {
        return any;
      }
      any = true;
    }
    return any;
  }

  @Override
  public void close() {
    files.forEach(f -> f.file().close());
  }
}
