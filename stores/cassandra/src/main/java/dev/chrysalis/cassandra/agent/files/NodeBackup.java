package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.server.NodeConnection;
import dev.chrysalis.cassandra.agent.server.NodeSession;
import dev.chrysalis.cassandra.agent.server.Quorums;
import dev.chrysalis.cassandra.archive.MemberLogs;
import dev.chrysalis.cassandra.archive.NodeFacts;
import dev.chrysalis.cassandra.archive.Spare;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.volumes.FileCopier;
import dev.chrysalis.volumes.FoundFile;
import dev.chrysalis.volumes.ParallelWork;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Backs one node of a ring up, while it serves:
///
/// 1. the server's own snapshots that an earlier backup left are cleared (`LeftSnapshots`);
/// 2. the server flushes its tables and links their files under this backup's name;
/// 3. the links are copied by several threads; each SSTable is compared with its digest;
/// 4. the snapshot is committed to the vault, then the server's is cleared.
///
/// Properties: a snapshot that is visible is whole. SSTables do not change, so one that the vault
/// has costs nothing again. Damaged ones do not fail a backup, since other nodes may have the same
/// rows and the rest may be all that is left; they are counted in its facts and told as a note.
/// What a killed agent leaves on the node is cleared by the next backup of it and by the one that
/// ships its log, and from Cassandra 4.1 on by the server itself after two days. Since the server's
/// snapshot keeps the space of what is compacted meanwhile, a backup gives up before that fills the
/// disk (`DiskRoom`). Memory: 256 KiB a thread, and one file's chunk list.
///
/// Errors: `UNREACHABLE`, `REFUSED_LOGIN`, `UNSUPPORTED_VERSION`, `NOT_IN_RING` (a node that joins
/// or leaves has not all of its data), `OTHER_DIRECTORIES`, `SNAPSHOT_GONE`, `NO_ROOM`,
/// `COMMAND_FAILED`, `VOLUME_FAILED`, and the vault's.
public final class NodeBackup {
  private static final Duration SNAPSHOT = Duration.ofMinutes(10);
  private static final Map<String, String> OPTIONS = Map.of("skipFlush", "false", "ttl", "2d");
  private static final Duration SHIPPED_LATELY = Duration.ofSeconds(60);
  private static final Duration SHIPS_AGAIN = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int OLDEST_MAJOR = 4;
  private static final Pattern WHO_IT_IS =
      Pattern.compile("data/[0-9]+/system/local-[0-9a-f]{32}/[^/]*-Data\\.db");

  private final NodeConnection node;
  private final Vault vault;
  private final CopyProgress progress;
  private final Clock clock;
  private final int threads;

  /// @param threads how many copy at once
  public NodeBackup(
      NodeConnection node, Vault vault, CopyProgress progress, Clock clock, int threads) {
    this.node = node;
    this.vault = vault;
    this.progress = progress;
    this.clock = clock;
    this.threads = threads;
  }

  /// What to back up.
  ///
  /// @param store the store's name in the vault: `cassandra`
  /// @param backup the name of the ring's backup that this is a part of
  /// @param folders where the agent sees the node's folders
  /// @param log of which this is the base; empty for whichever is shipped then
  public record Request(
      String store, MemberId member, String backup, NodeFolders folders, Optional<LogName> log) {
    public Request {
      NodeFacts.requireBackup(backup);
    }
  }

  /// Runs a backup to its end.
  public Snapshot run(Request request) {
    try (NodeSession session = node.open()) {
      requireFit(session);
      requireAllFolders(session, request.folders());
      SnapshotTag tag = SnapshotTag.of(request.backup(), clock.instant());
      Path data = request.folders().data().getFirst();
      LeftSnapshots.clear(session, data, clock, progress::note);
      try (SnapshotHold hold = SnapshotHold.take(data, tag)) {
        try {
          return take(request, session, tag);
        } finally {
          clear(session, tag, hold);
        }
      }
    }
  }

  private static void requireFit(NodeSession session) {
    String version = session.version();
    if (major(version) < OLDEST_MAJOR) {
      throw new ChrysalisException(
          CassandraErrors.UNSUPPORTED_VERSION,
          "this is Cassandra " + version,
          "upgrade to one of 4.0 to 5.0");
    }
    String mode = session.mode();
    if (!mode.equals("NORMAL")) {
      throw new ChrysalisException(
          CassandraErrors.NOT_IN_RING,
          "the node is " + mode + ", not NORMAL",
          "back it up when it has all of its data: nodetool netstats");
    }
  }

  private static void requireAllFolders(NodeSession session, NodeFolders folders) {
    List<Path> servers = session.dataDirectories();
    if (Set.copyOf(servers).size() != folders.data().size()) {
      throw otherFolders(
          "the server has tables in %s, the agent was told of %s"
              .formatted(servers, folders.data()));
    }
  }

  private static int major(String version) {
    String first = version.replaceFirst("[^0-9].*", "");
    return first.isEmpty() ? 0 : Integer.parseInt(first);
  }

  /// What stays is cleared by the next backup: no reason to call this one failed, nor to hide why
  /// it did.
  private void clear(NodeSession session, SnapshotTag tag, SnapshotHold hold) {
    try {
      session.clearSnapshot(tag.toString(), SNAPSHOT);
      hold.forget();
    } catch (ChrysalisException e) {
      progress.note("the server's snapshot " + tag + " is still there: " + e.getMessage());
    }
  }

  private Snapshot take(Request request, NodeSession session, SnapshotTag tag) {
    // First: while the vault is away the server is not made to flush all of its tables.
    try (SnapshotWriter writer = vault.beginSnapshot(request.store())) {
      progress.progress("waiting for the server's snapshot", 0, 0);
      Instant begun = clock.instant();
      // Before the snapshot: with a schema that changes meanwhile, it counts as one of before.
      String schema = session.schemaVersion();
      int spare = Quorums.spare(session);
      session.takeSnapshot(tag.toString(), OPTIONS, SNAPSHOT);
      DiskRoom room = DiskRoom.of(request.folders().data());
      Instant taken = clock.instant();
      DamagedTables damaged = new DamagedTables();
      TombstoneLife tombstones = new TombstoneLife();
      long userBytes =
          copy(
              new SnapshotWalk(request.folders(), tag.toString()),
              writer,
              damaged,
              tombstones,
              room);
      if (damaged.count() > 0) {
        progress.note(
            "%d damaged SSTables, among them %s"
                .formatted(damaged.count(), String.join(", ", damaged.names())));
      }
      Optional<String> log = shippedLog(request, begun);
      return writer.commit(
          facts(
                  request,
                  session,
                  schema,
                  begun,
                  taken,
                  log,
                  new Spare(spare, tombstones.shortest()),
                  userBytes,
                  damaged)
              .toMap());
    }
  }

  /// The log that goes on behind the snapshot. A shipper shows by a piece that it is at work; one
  /// whose last was before may have ended, and so may its log.
  private Optional<String> shippedLog(Request request, Instant begun) {
    if (request.log().isPresent()) {
      return request.log().map(LogName::stream);
    }
    MemberLogs logs = new MemberLogs(vault, request.store(), request.member());
    Stopper waiting = new Stopper();
    long since = System.nanoTime();
    while (true) {
      Optional<LogName> newest = logs.newest();
      Optional<Instant> sealed =
          newest.flatMap(log -> vault.log(log).newest()).map(LogPiece::sealedAt);
      if (sealed.filter(at -> at.isAfter(begun)).isPresent()) {
        return newest.map(LogName::stream);
      }
      boolean lately = sealed.filter(at -> at.isAfter(begun.minus(SHIPPED_LATELY))).isPresent();
      boolean late = System.nanoTime() - since > SHIPS_AGAIN.toNanos();
      if (!lately || late || waiting.awaitStop(LOOK)) {
        return Optional.empty();
      }
    }
  }

  /// Returns the size of the tables that are not the server's own.
  private long copy(
      SnapshotWalk walk,
      SnapshotWriter writer,
      DamagedTables damaged,
      TombstoneLife tombstones,
      DiskRoom room) {
    AtomicLong files = new AtomicLong();
    AtomicLong total = new AtomicLong();
    AtomicLong ofUsers = new AtomicLong();
    AtomicBoolean knowsItself = new AtomicBoolean();
    walk.run(found -> {
      files.incrementAndGet();
      total.addAndGet(found.size());
      tombstones.look(found);
      if (TableFile.parse(found.path()).filter(TableFile::isOfUsers).isPresent()) {
        ofUsers.addAndGet(found.size());
      }
      if (WHO_IT_IS.matcher(found.path()).matches()) {
        knowsItself.set(true);
      }
    });
    if (!knowsItself.get()) {
      throw otherFolders("the server's snapshot has no table system.local where the agent looks");
    }
    AtomicLong done = new AtomicLong();
    try (ParallelWork<FoundFile> work =
        new ParallelWork<>(
            threads,
            CassandraErrors.INTERRUPTED,
            () ->
                new FileCopier(
                    writer,
                    new DigestCheck(damaged),
                    bytes -> {
                      room.require();
                      progress.progress("copying files", done.addAndGet(bytes), total.get());
                    },
                    CassandraErrors.VOLUME))) {
      AtomicLong submitted = new AtomicLong();
      walk.run(found -> {
        submitted.incrementAndGet();
        work.submit(found);
      });
      work.finish();
      requireSame(files.get(), submitted.get());
    }
    return ofUsers.get();
  }

  private static void requireSame(long before, long now) {
    if (before != now) {
      throw new ChrysalisException(
          CassandraErrors.SNAPSHOT_GONE,
          "the server's snapshot had %d files and has %d".formatted(before, now),
          "somebody cleared the snapshot (nodetool clearsnapshot?): start the backup again");
    }
  }

  private static ChrysalisException otherFolders(String message) {
    return new ChrysalisException(
        CassandraErrors.OTHER_DIRECTORIES,
        message,
        "name those that the server has as data_file_directories, and as"
            + " local_system_data_file_directory, in its order: CASSANDRA_DATA");
  }

  /// Not those that are only joining: they have nothing to back up yet.
  private static Set<String> ring(NodeSession session) {
    Set<String> joining = session.joining();
    return session.hostIds().entrySet().stream()
        .filter(node -> !joining.contains(node.getKey()))
        .map(Map.Entry::getValue)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static NodeFacts facts(
      Request request,
      NodeSession session,
      String schema,
      Instant begun,
      Instant taken,
      Optional<String> log,
      Spare spare,
      long userBytes,
      DamagedTables damaged) {
    return new NodeFacts(
        request.member(),
        request.backup(),
        session.cluster(),
        session.hostId(),
        ring(session),
        session.version(),
        schema,
        session.datacenter(),
        session.rack(),
        begun,
        taken,
        log,
        spare,
        userBytes,
        damaged.count(),
        damaged.names());
  }
}
