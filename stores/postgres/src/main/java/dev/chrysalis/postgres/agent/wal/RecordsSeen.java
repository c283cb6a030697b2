package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps of the records that go by what a piece's facts are made of. For one thread.
final class RecordsSeen implements Consumer<WalRecord> {
  private @Nullable Lsn lastRecord;
  private @Nullable Lsn lastCommit;
  private @Nullable Instant commitAt;

  /// @param before what the pieces so far say
  RecordsSeen(Optional<PieceFacts> before) {
    this.lastRecord = before.flatMap(PieceFacts::lastRecord).orElse(null);
    this.lastCommit = before.flatMap(PieceFacts::lastCommit).orElse(null);
    this.commitAt = before.flatMap(PieceFacts::commitAt).orElse(null);
  }

  @Override
  public void accept(WalRecord record) {
    lastRecord = record.start();
    if (record.detail() instanceof WalRecord.Detail.Commit commit) {
      lastCommit = record.start();
      if (commitAt == null || commit.at().isAfter(commitAt)) {
        commitAt = commit.at();
      }
    }
  }

  /// The facts at the end of what was read.
  ///
  /// @param nextRecord where the first record begins that is not complete
  /// @param caughtUpAt when all that the server had was read, if ever
  PieceFacts facts(
      long segmentBytes, int version, Optional<Lsn> nextRecord, @Nullable Instant caughtUpAt) {
    Instant committed = commitAt;
    boolean committedLater =
        committed != null && (caughtUpAt == null || committed.isAfter(caughtUpAt));
    return new PieceFacts(
        segmentBytes,
        version,
        Optional.ofNullable(lastRecord),
        nextRecord,
        Optional.ofNullable(lastCommit),
        Optional.ofNullable(committed),
        Optional.ofNullable(committedLater ? committed : caughtUpAt));
  }
}
