package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.aof.AofScanner;
import dev.chrysalis.redis.agent.aof.Manifest;
import dev.chrysalis.redis.agent.aof.RdbWalker;
import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.redis.archive.LogNames;
import dev.chrysalis.redis.archive.PieceFacts;
import dev.chrysalis.vault.LogName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Finds where shipping goes on.
///
/// 1. In the member's newest log, where it has a base, the server has led since, and the file at
///    its end is still there: the same inode, long enough, and with the same bytes before the
///    place.
/// 2. Else a new log begins. Redis 7: with the base and all increments that the manifest names, if
///    it still names them when all are open. Redis 6.2: the RDB at the file's beginning is the
///    base, and the log what follows it; without one the base is what the file holds now.
///
/// A new log's base stands for the moment at which its files were opened: it is of use once the log
/// covers what they held then.
final class LogStart {
  private static final String RDB_HEAD = "REDIS";
  private static final int TRIES = 20;
  private static final int STEP = 256 * 1024;

  /// Room for what a server writes of itself into an RDB without keys.
  private static final long EMPTY_RDB = 4096;

  private static final Duration UPTIME_ROUNDING = Duration.ofSeconds(2);

  private final ShipperSettings settings;
  private final AofFolder folder;
  private final LogEnds ends;
  private final Clock clock;
  private final RandomGenerator random;

  LogStart(
      ShipperSettings settings,
      AofFolder folder,
      LogEnds ends,
      Clock clock,
      RandomGenerator random) {
    this.settings = settings;
    this.folder = folder;
    this.ends = ends;
    this.clock = clock;
    this.random = random;
  }

  /// Where the newest log goes on; empty where it cannot.
  Optional<LogPlace> resumed(ServerMoment moment) {
    Optional<LogEnds.End> end = ends.newest();
    if (end.isEmpty() || ends.base(end.get().log()).filter(b -> isSameReign(b, moment)).isEmpty()) {
      return Optional.empty();
    }
    PieceFacts facts = end.get().facts();
    List<Manifest.Part> parts = folder.look().increments();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).name().equals(facts.file())) {
        return resumed(moment, end.get(), parts.subList(i, parts.size()));
      }
    }
    return Optional.empty();
  }

  /// A server that followed another one meanwhile may write into the same file all the same; only a
  /// new log with its base says that it took over.
  private static boolean isSameReign(BaseFacts base, ServerMoment moment) {
    return moment.followed().isEmpty() || moment.followed().equals(base.followed());
  }

  private Optional<LogPlace> resumed(
      ServerMoment moment, LogEnds.End end, List<Manifest.Part> parts) {
    PieceFacts facts = end.facts();
    long boundary = facts.offset() - (end.position() - facts.boundary());
    FollowedFiles files = new FollowedFiles(folder, clock, moment.continuity());
    try {
      for (Manifest.Part part : parts) {
        if (!files.add(part, 0)) {
          files.close();
          return Optional.empty();
        }
      }
      OpenFile file = files.current().file();
      boolean same =
          file.inode().equals(facts.inode())
              && boundary >= 0
              && file.size() >= facts.offset()
              && file.tail(facts.offset()).equals(facts.tail());
      if (same) {
        AofScanner scanner = new AofScanner(facts.boundary());
        scan(file, boundary, facts.offset(), scanner);
        if (scanner.damage().isEmpty()) {
          return Optional.of(
              new LogPlace(end.log(), files, facts.offset(), scanner, Optional.empty()));
        }
      }
      files.close();
      return Optional.empty();
    } catch (ChrysalisException e) {
      files.close();
      throw e;
    }
  }

  /// A log that begins here.
  LogPlace fresh(ServerMoment moment) {
    return folder.manifest() ? freshByManifest(moment) : freshOneFile(moment);
  }

  private LogPlace freshByManifest(ServerMoment moment) {
    for (int i = 0; i < TRIES; i++) {
      AofFolder.Layout layout = folder.look();
      Optional<OpenFile> base = layout.base().flatMap(name -> OpenFile.open(folder.path(name)));
      FollowedFiles files = new FollowedFiles(folder, clock, moment.continuity());
      try {
        if (holds(layout, base, files)) {
          long length = base.map(OpenFile::size).orElse(0L);
          return fresh(moment, files, 0, base, length, files.bytes());
        }
      } catch (ChrysalisException e) {
        close(files, base);
        throw e;
      }
      close(files, base);
    }
    throw new ChrysalisException(
        RedisErrors.AOF_UNREADABLE,
        "the append-only file's manifest names files that are not there, or changes too fast",
        "look at the folder " + settings.data() + " and at the server's log");
  }

  /// Opens the increments; whether all that the manifest names are open, and it names them still.
  private boolean holds(AofFolder.Layout layout, Optional<OpenFile> base, FollowedFiles files) {
    boolean all = layout.base().isPresent() == base.isPresent();
    for (Manifest.Part part : layout.increments()) {
      all = all && files.add(part, 0);
    }
    return all && !layout.increments().isEmpty() && folder.look().equals(layout);
  }

  private LogPlace freshOneFile(ServerMoment moment) {
    String name = folder.names().appendFile();
    OpenFile base = OpenFile.open(folder.path(name)).orElseThrow(() -> gone(name));
    FollowedFiles files = new FollowedFiles(folder, clock, moment.continuity());
    try {
      if (!files.add(new Manifest.Part(name, 1), 0)
          || !files.current().file().inode().equals(base.inode())) {
        throw gone(name);
      }
      long size = files.bytes();
      long start =
          beginsWithRdb(base) ? RdbWalker.walk(base.stream()).bytes() : lastBoundary(base, size);
      return fresh(moment, files, start, Optional.of(base), start, Math.max(0, size - start));
    } catch (ChrysalisException e) {
      close(files, Optional.of(base));
      throw e;
    }
  }

  private static void close(FollowedFiles files, Optional<OpenFile> base) {
    files.close();
    base.ifPresent(OpenFile::close);
  }

  private LogPlace fresh(
      ServerMoment moment,
      FollowedFiles files,
      long offset,
      Optional<OpenFile> base,
      long length,
      long need) {
    LogName log =
        LogNames.fresh(settings.store(), settings.member(), clock.instant(), random.nextInt());
    boolean rdb = base.isPresent() && beginsWithRdb(base.get());
    BaseFacts facts =
        BaseOf.facts(
            settings.member(), moment, rdb, Optional.of(log.stream()), 0, need, clock.instant());
    if (beganEmpty(moment, base, rdb)) {
      facts = facts.ofEmptyStart();
    }
    return new LogPlace(
        log, files, offset, new AofScanner(0), Optional.of(new BasePart(base, length, facts)));
  }

  /// Whether the server was started without any key. Redis 6.2 says how much it loaded. Redis 7
  /// makes a base of nothing then; an empty one that is older than the process had increments to
  /// load.
  private boolean beganEmpty(ServerMoment moment, Optional<OpenFile> base, boolean rdb) {
    if (!moment.keepsManifest()) {
      return moment.aofBegan() == 0;
    }
    Instant started = clock.instant().minus(moment.uptime()).minus(UPTIME_ROUNDING);
    return rdb
        && base.filter(file -> file.size() <= EMPTY_RDB && file.modified().isAfter(started))
            .filter(file -> RdbWalker.walk(file.stream()).keys() == 0)
            .isPresent();
  }

  private static long lastBoundary(OpenFile file, long size) {
    AofScanner scanner = new AofScanner(0);
    scan(file, 0, size, scanner);
    scanner
        .damage()
        .ifPresent(why -> {
          throw damaged(file, why);
        });
    return scanner.boundary();
  }

  static ChrysalisException damaged(OpenFile file, String why) {
    return new ChrysalisException(
        RedisErrors.AOF_DAMAGED,
        "%s holds what is no command: %s".formatted(file.path(), why),
        "look at the volume and run redis-check-aof on a copy; the server is asked to rewrite the"
            + " file");
  }

  static void scan(OpenFile file, long from, long to, AofScanner scanner) {
    ByteBuffer buffer = ByteBuffer.allocate(STEP);
    for (long at = from; at < to && scanner.damage().isEmpty(); ) {
      buffer.clear().limit((int) Math.min(STEP, to - at));
      file.read(at, buffer);
      if (!buffer.hasRemaining()) {
        return;
      }
      at += buffer.remaining();
      scanner.feed(buffer);
    }
  }

  static boolean beginsWithRdb(OpenFile file) {
    ByteBuffer head = ByteBuffer.allocate(RDB_HEAD.length());
    file.read(0, head);
    return StandardCharsets.US_ASCII.decode(head).toString().equals(RDB_HEAD);
  }

  private ChrysalisException gone(String name) {
    return new ChrysalisException(
        RedisErrors.AOF_UNREADABLE,
        "%s is not there, or was replaced at this moment".formatted(folder.path(name)),
        "it is looked for again; name the folder that the server shows as dir: REDIS_DATA");
  }
}
