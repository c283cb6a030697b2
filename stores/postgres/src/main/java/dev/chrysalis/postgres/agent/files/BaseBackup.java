package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ControlFile;
import dev.chrysalis.postgres.agent.server.Extensions;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.volumes.FileCopier;
import dev.chrysalis.volumes.FoundFile;
import dev.chrysalis.volumes.ParallelWork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Backs a running cluster up, primary or standby, by copying its files:
///
/// 1. `pg_backup_start` on a session that stays open;
/// 2. all files are copied by several threads while the server goes on writing; pages are verified
///    where they carry checksums;
/// 3. the control file is copied last, so that a backup from a standby says how far it must
///    recover;
/// 4. `pg_backup_stop`; its label and tablespace map become files of the snapshot;
/// 5. the WAL from start to stop must be in the vault's log;
/// 6. only then the snapshot is committed.
///
/// Properties: a snapshot that is visible can be recovered; whatever fails before leaves nothing
/// visible and no trace on the server. Damaged pages do not fail a backup, since the rest of it may
/// be all that is left; they are counted in its facts and told as a note. Memory: 256 KiB a thread,
/// and one file's chunk list. One object may run many backups, also at once.
///
/// Errors: `UNREACHABLE`, `REFUSED_LOGIN`, `OTHER_CLUSTER` (the directory is not the server's),
/// `UNSUPPORTED_VERSION`, `BACKUP_FAILED`, `PROMOTED_MEANWHILE`, `VOLUME_FAILED`, `NOT_COVERED`,
/// and the vault's.
public final class BaseBackup {
  private static final Pattern START =
      Pattern.compile("^START WAL LOCATION: ([0-9A-F]+/[0-9A-F]+) ", Pattern.MULTILINE);
  private static final Pattern START_TIMELINE =
      Pattern.compile("^START TIMELINE: ([0-9]+)$", Pattern.MULTILINE);

  private final ServerConnection server;
  private final Vault vault;
  private final WalCoverageWait coverage;
  private final CopyProgress progress;
  private final int threads;

  /// @param threads how many copy at once; as many as there are cores is right
  public BaseBackup(
      ServerConnection server,
      Vault vault,
      WalCoverageWait coverage,
      CopyProgress progress,
      int threads) {
    this.server = server;
    this.vault = vault;
    this.coverage = coverage;
    this.progress = progress;
    this.threads = threads;
  }

  /// What to back up.
  ///
  /// @param store the store's name in the vault: `postgres`
  /// @param dataDirectory where the agent sees the server's data directory
  /// @param fastCheckpoint whether the server makes its checkpoint at once, at full speed; else it
  ///   spreads it and the backup begins minutes later
  public record Request(
      String store, MemberId member, Path dataDirectory, boolean fastCheckpoint) {}

  /// Runs a backup to its end.
  public Snapshot run(Request request) {
    try (BackupSession session = new BackupSession(server)) {
      requireSameCluster(session.state(), request.dataDirectory());
      try (SnapshotWriter writer = vault.beginSnapshot(request.store())) {
        BackupFacts facts = copyBetweenStartAndStop(request, session, writer);
        coverage.awaitCovered(facts.timeline(), facts.startLsn(), facts.stopLsn());
        return writer.commit(facts.toMap());
      }
    }
  }

  private static void requireSameCluster(ServerState state, Path dataDirectory) {
    if (state.majorVersion() < 15) {
      throw new ChrysalisException(
          PostgresErrors.UNSUPPORTED_VERSION,
          "this is PostgreSQL " + state.majorVersion(),
          "upgrade to one of 15 to 18");
    }
    String there =
        ControlFile.read(dataDirectory)
            .map(ControlFile::systemIdentifier)
            .orElseThrow(() ->
                new ChrysalisException(
                    PostgresErrors.NOT_A_DATA_DIRECTORY,
                    "there is no cluster in " + dataDirectory,
                    "name the directory that the server shows as data_directory"));
    if (!there.equals(state.systemIdentifier())) {
      throw new ChrysalisException(
          PostgresErrors.OTHER_CLUSTER,
          "the server is of cluster %s, the directory %s of cluster %s"
              .formatted(state.systemIdentifier(), dataDirectory, there),
          "name the server's own data directory");
    }
  }

  private BackupFacts copyBetweenStartAndStop(
      Request request, BackupSession session, SnapshotWriter writer) {
    String label = "chrysalis " + writer.id();
    progress.progress("waiting for the checkpoint", 0, 0);
    Lsn start = session.start(label, request.fastCheckpoint());
    DamagedPages damaged = new DamagedPages(start);
    copyFiles(request.dataDirectory(), session.state(), writer, damaged);
    FileCopier last =
        new FileCopier(writer, FileCopier.Check.none(), bytes -> {}, PostgresErrors.VOLUME);
    new OutsideConfiguration(progress).copy(session.state(), request.dataDirectory(), last);
    copyControlFile(request.dataDirectory(), last);
    BackupSession.Stopped stopped = session.stop();
    addLabels(request.dataDirectory(), stopped, last);
    damaged.settle(stopped.lsn());
    noteDamage(damaged);
    return facts(request, session.state(), label, stopped, damaged);
  }

  private void copyFiles(
      Path dataDirectory, ServerState state, SnapshotWriter writer, DamagedPages damaged) {
    AtomicLong total = new AtomicLong();
    new ClusterWalk(dataDirectory, state.majorVersion(), f -> total.addAndGet(f.size()), path -> {})
        .run();
    AtomicLong done = new AtomicLong();
    try (ParallelWork<FoundFile> work =
        new ParallelWork<>(
            threads,
            PostgresErrors.INTERRUPTED,
            () ->
                new FileCopier(
                    writer,
                    state.dataChecksums()
                        ? new PageCheck(new PageVerifier(damaged))
                        : FileCopier.Check.none(),
                    bytes -> progress.progress("copying files", done.addAndGet(bytes), total.get()),
                    PostgresErrors.VOLUME))) {
      new ClusterWalk(
              dataDirectory,
              state.majorVersion(),
              work::submit,
              path -> progress.note(path + " is neither file nor directory: left out"))
          .run();
      work.finish();
    }
  }

  private static void copyControlFile(Path dataDirectory, FileCopier copier) {
    ControlFile.Raw control = ControlFile.readRaw(dataDirectory).orElseThrow();
    try {
      copier.addBytes(ClusterWalk.controlFile(dataDirectory), control.bytes());
    } catch (IOException e) {
      throw new ChrysalisException(
          PostgresErrors.VOLUME_FAILED,
          "cannot read the control file: " + e,
          "look at the volume and at the agent's rights on it",
          e);
    }
  }

  private static void addLabels(
      Path dataDirectory, BackupSession.Stopped stopped, FileCopier copier) {
    addText("backup_label", stopped.label(), dataDirectory, stopped, copier);
    if (!stopped.tablespaceMap().isEmpty()) {
      addText("tablespace_map", stopped.tablespaceMap(), dataDirectory, stopped, copier);
    }
  }

  private static void addText(
      String name,
      String text,
      Path dataDirectory,
      BackupSession.Stopped stopped,
      FileCopier copier) {
    copier.addBytes(
        new FoundFile(
            name, dataDirectory.resolve(name), FileEntry.Kind.FILE, 0600, 0, stopped.at(), ""),
        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void noteDamage(DamagedPages damaged) {
    if (damaged.count() > 0) {
      progress.note(
          "%d damaged pages, among them %s"
              .formatted(damaged.count(), String.join(", ", damaged.names())));
    }
  }

  private BackupFacts facts(
      Request request,
      ServerState state,
      String label,
      BackupSession.Stopped stopped,
      DamagedPages damaged) {
    return new BackupFacts(
        state.systemIdentifier(),
        Integer.parseInt(inLabel(START_TIMELINE, stopped.label())),
        Lsn.parse(inLabel(START, stopped.label())),
        stopped.timeline(),
        stopped.lsn(),
        stopped.at(),
        state.version(),
        state.segmentBytes(),
        state.dataChecksums(),
        request.member(),
        state.role(),
        label,
        state.collations(),
        Extensions.of(server, progress),
        damaged.count(),
        damaged.names());
  }

  private static String inLabel(Pattern pattern, String label) {
    Matcher m = pattern.matcher(label);
    if (!m.find()) {
      throw new ChrysalisException(
          PostgresErrors.BACKUP_FAILED,
          "the server's backup label lacks " + pattern,
          "report this: the label's form is not the known one");
    }
    return m.group(1);
  }
}
