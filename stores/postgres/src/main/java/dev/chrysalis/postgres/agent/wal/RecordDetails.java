package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.postgres.agent.wal.WalRecord.Detail;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/// Understands the records that recovery targets are made of: commits and restore points. Source:
/// `xlogrecord.h`, `xact.h`, `xlog_internal.h` of PostgreSQL 15 to 18.
final class RecordDetails {
  static final int RM_XLOG = 0;
  static final int RM_XACT = 1;
  static final int XLOG_SWITCH = 0x40;

  private static final int XLOG_RESTORE_POINT = 0x70;
  private static final int XLOG_INFO_MASK = 0xF0;
  private static final int XACT_OP_MASK = 0x70;
  private static final int XACT_COMMIT = 0x00;
  private static final int XACT_COMMIT_PREPARED = 0x30;
  private static final int XACT_HAS_INFO = 0x80;
  private static final int HAS_DBINFO = 1;
  private static final int HAS_SUBXACTS = 2;
  private static final int HAS_RELFILES = 4;
  private static final int HAS_INVALS = 8;
  private static final int HAS_TWOPHASE = 16;
  private static final int HAS_DROPPED_STATS = 256;

  private static final int ID_TOPLEVEL_XID = 252;
  private static final int ID_ORIGIN = 253;
  private static final int ID_DATA_LONG = 254;
  private static final int ID_DATA_SHORT = 255;

  /// The page magic from which on dropped statistics take 16 bytes each (PostgreSQL 18).
  private static final int MAGIC_18 = 0xD117;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private RecordDetails() {}

  static Instant instant(long microsSince2000) {
    return EPOCH.plus(microsSince2000, ChronoUnit.MICROS);
  }

  static long micros(Instant at) {
    return ChronoUnit.MICROS.between(EPOCH, at);
  }

  /// @param body what follows the record's header, little-endian; may be cut short
  static Detail of(int rmgr, int info, long xid, int magic, ByteBuffer body) {
    try {
      if (rmgr == RM_XLOG && (info & XLOG_INFO_MASK) == XLOG_RESTORE_POINT && toData(body)) {
        Instant at = instant(body.getLong());
        byte[] name = new byte[Math.min(64, body.remaining())];
        body.get(name);
        String text = new String(name, UTF_8);
        int end = text.indexOf('\0');
        return new Detail.RestorePoint(end < 0 ? text : text.substring(0, end), at);
      }
      int operation = info & XACT_OP_MASK;
      boolean commits = operation == XACT_COMMIT || operation == XACT_COMMIT_PREPARED;
      if (rmgr == RM_XACT && commits && toData(body)) {
        Instant at = instant(body.getLong());
        boolean prepared = operation == XACT_COMMIT_PREPARED && (info & XACT_HAS_INFO) != 0;
        OptionalLong twoPhase = prepared ? twoPhaseXid(magic, body) : OptionalLong.empty();
        return new Detail.Commit(twoPhase.orElse(xid), at);
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return new Detail.Other();
    }
    return new Detail.Other();
  }

  /// Moves to the record's main data; false where block references come first.
  private static boolean toData(ByteBuffer body) {
    while (true) {
      int id = body.get() & 0xFF;
      switch (id) {
        case ID_ORIGIN -> body.position(body.position() + 2);
        case ID_TOPLEVEL_XID -> body.position(body.position() + 4);
        case ID_DATA_SHORT -> {
          body.get();
          return true;
        }
        case ID_DATA_LONG -> {
          body.getInt();
          return true;
        }
        default -> {
          return false;
        }
      }
    }
  }

  private static OptionalLong twoPhaseXid(int magic, ByteBuffer body) {
    int info = body.getInt();
    if ((info & HAS_DBINFO) != 0) {
      body.position(body.position() + 8);
    }
    skipArray(body, info & HAS_SUBXACTS, 4);
    skipArray(body, info & HAS_RELFILES, 12);
    skipArray(body, info & HAS_DROPPED_STATS, magic >= MAGIC_18 ? 16 : 12);
    skipArray(body, info & HAS_INVALS, 16);
    return (info & HAS_TWOPHASE) != 0
        ? OptionalLong.of(Integer.toUnsignedLong(body.getInt()))
        : OptionalLong.empty();
  }

  private static void skipArray(ByteBuffer body, int flag, int itemBytes) {
    if (flag != 0) {
      int count = body.getInt();
      body.position(Math.addExact(body.position(), Math.multiplyExact(count, itemBytes)));
    }
  }
}
