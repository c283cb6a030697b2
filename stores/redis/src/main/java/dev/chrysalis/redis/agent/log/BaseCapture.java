package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Takes a base of a master.
///
/// 1. With an append-only file: have the server rewrite it.
/// 2. Redis 7: read the base that the manifest then names, kept open. It stands where the log has
///    the first increment behind it; when the shipper's pieces or marks say where that is, and the
///    vault has the log up to what the increments held then, the base is committed.
/// 3. Redis 6.2: the rewritten file begins a new log, whose base the shipper takes; that one is
///    waited for.
/// 4. Without an append-only file: have the server write an RDB, and read that. It stands alone.
///
/// Properties: a base that can be seen can be restored; nothing is switched on or off. Where no
/// shipper is seen at work, one runs here for as long as the base takes.
public final class BaseCapture {
  private static final Duration LOGIN = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int TRIES = 20;

  private final Vault vault;
  private final ShipperSettings settings;
  private final Clock clock;
  private final BaseProgress progress;
  private final OwnShipper shipper;
  private final Duration patience;
  private final LogEnds ends;
  private final Stopper stopper = new Stopper();

  /// @param shipper ships where nobody else does
  /// @param patience how long the rewrite may take, and then the log on its way to the vault
  public BaseCapture(
      Vault vault,
      ShipperSettings settings,
      Clock clock,
      BaseProgress progress,
      OwnShipper shipper,
      Duration patience) {
    this.vault = vault;
    this.settings = settings;
    this.clock = clock;
    this.progress = progress;
    this.shipper = shipper;
    this.patience = patience;
    this.ends = new LogEnds(vault, settings.store(), settings.member(), clock);
  }

  /// Takes a base. `NOT_MASTER` beside a replica; `BASE_FAILED` where the server cannot write one;
  /// `NOT_COVERED` where its log does not come into the vault.
  public Snapshot run() {
    try (AofServer server = AofServer.open(new RedisConnection(settings.server(), LOGIN))) {
      ServerMoment moment = server.moment();
      requireMaster(moment);
      AofNames names = server.names();
      AofRewrite rewrite = new AofRewrite(server, patience, progress, stopper);
      if (!moment.appendOnly()) {
        return rdb(names, rewrite);
      }
      AofFolder folder = new AofFolder(settings.data(), names, moment.keepsManifest());
      return moment.keepsManifest() ? byManifest(folder, rewrite) : oneFile(folder, rewrite);
    } finally {
      shipper.close();
    }
  }

  private static void requireMaster(ServerMoment moment) {
    if (!moment.master() || moment.loading()) {
      throw new ChrysalisException(
          RedisErrors.NOT_MASTER,
          moment.loading()
              ? "the server is still loading its data"
              : "the server is a replica of " + moment.masterAddress(),
          "take the base beside the master: chrysalis backup finds it");
    }
  }

  private Snapshot rdb(AofNames names, AofRewrite rewrite) {
    progress.note("the server writes no append-only file: this base stands alone");
    ServerMoment _ = rewrite.awaitQuiet();
    AofRewrite.Saved saved = rewrite.save(clock);
    OpenFile file =
        OpenFile.open(settings.data().resolve(names.rdb()))
            .orElseThrow(() ->
                new ChrysalisException(
                    RedisErrors.AOF_UNREADABLE,
                    "the server wrote an RDB, but there is no "
                        + settings.data().resolve(names.rdb()),
                    "name the folder that the server shows as dir: REDIS_DATA"));
    BaseFacts facts =
        BaseOf.facts(settings.member(), saved.moment(), true, Optional.empty(), 0, 0, saved.at());
    try (BasePart part = new BasePart(Optional.of(file), file.size(), facts)) {
      return write(part, names, () -> {});
    }
  }

  private Snapshot byManifest(AofFolder folder, AofRewrite rewrite) {
    Optional<String> before = folder.look().base();
    ServerMoment moment = rewrite.rewrite(() -> !folder.look().base().equals(before));
    Held held = hold(folder);
    try (held) {
      LogEnds.End place = awaitIncrement(held);
      long position = place.position() - place.facts().offset();
      boolean rdb = held.base().map(LogStart::beginsWithRdb).orElse(false);
      BaseFacts facts =
          BaseOf.facts(
              settings.member(),
              moment,
              rdb,
              Optional.of(place.log().stream()),
              position,
              position + held.bytes(),
              held.at());
      long length = held.base().map(OpenFile::size).orElse(0L);
      BasePart part = new BasePart(held.base(), length, facts);
      return write(part, folder.names(), () -> awaitCovered(place, facts.need()));
    }
  }

  /// The base that the manifest names, and the first increment behind it.
  ///
  /// @param bytes of the increments, at the moment
  private record Held(Optional<OpenFile> base, OpenFile increment, long bytes, Instant at)
      implements AutoCloseable {
    @Override
    public void close() {
      base.ifPresent(OpenFile::close);
      increment.close();
    }
  }

  private Held hold(AofFolder folder) {
    for (int i = 0; i < TRIES; i++) {
      AofFolder.Layout layout = folder.look();
      Optional<OpenFile> base = layout.base().flatMap(n -> OpenFile.open(folder.path(n)));
      List<OpenFile> increments =
          layout.increments().stream()
              .flatMap(part -> OpenFile.open(folder.path(part.name())).stream())
              .toList();
      boolean all =
          base.isPresent() == layout.base().isPresent()
              && !increments.isEmpty()
              && increments.size() == layout.increments().size();
      if (all && folder.look().equals(layout)) {
        long bytes = increments.stream().mapToLong(OpenFile::size).sum();
        increments.stream().skip(1).forEach(OpenFile::close);
        return new Held(base, increments.getFirst(), bytes, clock.instant());
      }
      base.ifPresent(OpenFile::close);
      increments.forEach(OpenFile::close);
    }
    throw new ChrysalisException(
        RedisErrors.BASE_FAILED,
        "the append-only file's manifest changes faster than its files can be opened",
        "see the server's log: why does it rewrite so often?");
  }

  private LogEnds.End awaitIncrement(Held held) {
    OpenFile wanted = held.increment();
    long begun = System.nanoTime();
    while (true) {
      Optional<LogEnds.End> end =
          ends.newest()
              .filter(e -> e.facts().file().equals(wanted.name()))
              .filter(e -> e.facts().inode().equals(wanted.inode()));
      if (end.isPresent()) {
        return end.get();
      }
      waitForLog(begun, "the log behind the base is not in the vault yet");
    }
  }

  private void awaitCovered(LogEnds.End place, long need) {
    long begun = System.nanoTime();
    while (vault.log(place.log()).newest().map(p -> p.to()).orElse(0L) < need) {
      waitForLog(begun, "the vault has not all of the log behind the base yet");
    }
  }

  private Snapshot oneFile(AofFolder folder, AofRewrite rewrite) {
    OpenFile former =
        OpenFile.open(folder.path(folder.names().appendFile())).orElseThrow(this::noFile);
    List<SnapshotId> known = vault.snapshotIds(settings.store());
    try (former) {
      ServerMoment _ = rewrite.rewrite(() -> !former.isNamed());
    }
    long begun = System.nanoTime();
    while (true) {
      for (SnapshotId id : vault.snapshotIds(settings.store())) {
        if (!known.contains(id) && isOurs(id)) {
          return snapshot(id);
        }
      }
      waitForLog(begun, "the shipper has not brought the rewritten file's base into the vault yet");
    }
  }

  private boolean isOurs(SnapshotId id) {
    BaseFacts facts = BaseFacts.fromMap(snapshot(id).facts());
    return facts.member().equals(settings.member()) && facts.log().isPresent();
  }

  private Snapshot snapshot(SnapshotId id) {
    return vault.snapshots(settings.store()).stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(this::noFile);
  }

  /// Waits a little; after a while without anybody's shipping ships here.
  private void waitForLog(long begun, String what) {
    Duration waited = Duration.ofNanos(System.nanoTime() - begun);
    progress.progress(what, 0, 0);
    shipper.shipAfter(waited);
    if (waited.compareTo(patience) > 0) {
      throw new ChrysalisException(
          RedisErrors.NOT_COVERED,
          what + " after " + patience.toSeconds() + " s",
          "see whether the shipper beside " + settings.member() + " runs and reaches the vault");
    }
    if (stopper.awaitStop(LOOK)) {
      throw new ChrysalisException(
          RedisErrors.INTERRUPTED, "told to stop while a base was taken", "start it again");
    }
  }

  private Snapshot write(BasePart part, AofNames names, Runnable beforeCommit) {
    return new BaseWriter(vault, settings.store(), progress)
        .write(part, settings.configuration(), BaseOf.users(settings.data(), names), beforeCommit);
  }

  private ChrysalisException noFile() {
    return new ChrysalisException(
        RedisErrors.AOF_UNREADABLE,
        "there is no append-only file in " + settings.data(),
        "name the folder that the server shows as dir: REDIS_DATA");
  }
}
