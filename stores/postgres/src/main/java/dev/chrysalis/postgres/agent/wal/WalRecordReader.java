package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Finds the records in the bytes of the write-ahead log, fed in pieces of any size.
///
/// 1. At each page of 8 KiB, read its header (40 bytes at a segment's start, else 24) and check the
///    address that it states. A page that is zero or states another address ends the reading.
/// 2. Reading that begins inside a record skips what the page's header says is left of it.
/// 3. A record begins at the next multiple of 8. Its length comes first; zero ends the reading.
/// 4. Collect the record over page ends; each page must say that it continues exactly what is
///    missing. A page that says that it overwrites the missing rest drops the unfinished record.
/// 5. Check the pointer to the record before it and the CRC-32C; a mismatch ends the reading.
/// 6. After a segment switch, go on at the next segment.
///
/// Properties: what is handed out is complete and passed its checksum; records come in order and
/// each once; no more than 1 MiB is kept, whatever a record's length; reading never throws on what
/// the bytes are, it stops and says why. Not safe for threads. Source: `xlogreader.c`.
public final class WalRecordReader {
  /// PostgreSQL's page size of the log, as everybody builds it.
  public static final int PAGE_BYTES = 8192;

  private static final int HEADER = 24;
  private static final int SHORT_PAGE_HEADER = 24;
  private static final int LONG_PAGE_HEADER = 40;
  private static final int MAX_RECORD = 1 << 30;
  private static final int KEPT = 320;
  private static final int KEPT_OF_TRANSACTIONS = 1 << 20;
  private static final int PAGE_CONTINUES = 1;
  private static final int PAGE_OVERWRITES = 8;

  private final long segmentBytes;
  private final Consumer<WalRecord> sink;
  private final ByteBuffer pageHeader =
      ByteBuffer.allocate(LONG_PAGE_HEADER).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C checksum = new CRC32C();
  private ByteArrayOutputStream kept = new ByteArrayOutputStream();

  private long position;
  private boolean synchronised;
  private boolean toSegmentEnd;
  private long toSkip;
  private long recordStart;
  private int recordLength;
  private int recordRead;
  private int magic;
  private @Nullable Lsn last;
  private @Nullable Lsn next;
  private @Nullable String stopped;

  /// @param start the first position that will be fed: a page's start, or a record's
  public WalRecordReader(Lsn start, long segmentBytes, Consumer<WalRecord> sink) {
    this.segmentBytes = segmentBytes;
    this.sink = sink;
    this.position = start.value();
    int inPage = inPage();
    if (inPage > 0 && (inPage < headerBytes() || inPage % 8 != 0)) {
      throw new IllegalArgumentException("neither a page nor a record starts at " + start);
    }
    if (inPage > 0) {
      synchronise();
    }
  }

  /// Takes the bytes that follow; all of them, unless reading has stopped.
  public void feed(ByteBuffer bytes) {
    while (bytes.hasRemaining() && stopped == null) {
      step(bytes);
    }
  }

  /// Where the next byte belongs.
  public Lsn position() {
    return new Lsn(position);
  }

  /// Where the newest complete record begins: the target of a recovery to the latest moment.
  public Optional<Lsn> lastRecord() {
    return Optional.ofNullable(last);
  }

  /// Where the first record that is not complete begins; empty until any record's begin is known.
  public Optional<Lsn> nextRecord() {
    return Optional.ofNullable(next);
  }

  /// Why reading stopped; empty while it goes on.
  public Optional<String> stopped() {
    return Optional.ofNullable(stopped);
  }

  private void step(ByteBuffer bytes) {
    if (toSegmentEnd) {
      long left = segmentBytes - Long.remainderUnsigned(position, segmentBytes);
      skip(bytes, left);
      toSegmentEnd = Long.remainderUnsigned(position, segmentBytes) != 0;
    } else if (inPage() < headerBytes()) {
      pageHeader(bytes);
    } else if (toSkip > 0) {
      toSkip -= skip(bytes, Math.min(toSkip, PAGE_BYTES - inPage()));
      if (toSkip == 0) {
        synchronise();
      }
    } else if (recordRead == 0 && position % 8 != 0) {
      skip(bytes, 8 - position % 8);
    } else {
      record(bytes);
    }
  }

  private int inPage() {
    return (int) Long.remainderUnsigned(position, PAGE_BYTES);
  }

  private int headerBytes() {
    long page = position - inPage();
    return Long.remainderUnsigned(page, segmentBytes) == 0 ? LONG_PAGE_HEADER : SHORT_PAGE_HEADER;
  }

  private int skip(ByteBuffer bytes, long most) {
    int count = (int) Math.min(most, bytes.remaining());
    bytes.position(bytes.position() + count);
    position += count;
    return count;
  }

  private void synchronise() {
    synchronised = true;
    next = new Lsn((position + 7) & ~7L);
  }

  private void pageHeader(ByteBuffer bytes) {
    int wanted = headerBytes();
    int at = inPage();
    int count = Math.min(wanted - at, bytes.remaining());
    pageHeader.put(at, bytes, bytes.position(), count);
    bytes.position(bytes.position() + count);
    position += count;
    if (at + count == wanted) {
      openPage(position - wanted);
    }
  }

  private void openPage(long page) {
    magic = pageHeader.getShort(0) & 0xFFFF;
    int info = pageHeader.getShort(2);
    if ((magic & 0xFF00) != 0xD100 || pageHeader.getLong(8) != page) {
      stop("no page of the log stands at " + new Lsn(page));
      return;
    }
    boolean continues = (info & PAGE_CONTINUES) != 0;
    long left = Integer.toUnsignedLong(pageHeader.getInt(16));
    if ((info & PAGE_OVERWRITES) != 0) {
      forgetRecord();
      toSkip = 0;
      synchronise();
    } else if (recordRead > 0) {
      if (!continues || left != recordLength - recordRead) {
        stop("the page at " + new Lsn(page) + " does not continue the record before it");
      }
    } else if (toSkip > 0) {
      if (!continues || left != toSkip) {
        stop("the page at " + new Lsn(page) + " does not continue the record before it");
      }
    } else if (continues && synchronised) {
      stop("the page at " + new Lsn(page) + " continues a record that did not begin");
    } else if (continues) {
      toSkip = left;
    } else if (!synchronised) {
      synchronise();
    }
  }

  private void record(ByteBuffer bytes) {
    int room = PAGE_BYTES - inPage();
    if (recordRead == 0) {
      recordStart = position;
    }
    if (recordRead < HEADER) {
      int wanted = (recordRead < 4 ? 4 : HEADER) - recordRead;
      int count = Math.min(Math.min(wanted, room), bytes.remaining());
      header.put(recordRead, bytes, bytes.position(), count);
      skip(bytes, count);
      recordRead += count;
      if (recordRead == 4) {
        lengthKnown();
      } else if (recordRead == HEADER) {
        headerKnown();
      }
    } else {
      int count = Math.min(Math.min(recordLength - recordRead, room), bytes.remaining());
      keep(bytes.slice(bytes.position(), count));
      skip(bytes, count);
      recordRead += count;
    }
    if (stopped == null && recordRead >= HEADER && recordRead == recordLength) {
      complete();
    }
  }

  private void lengthKnown() {
    recordLength = header.getInt(0);
    if (recordLength < HEADER || recordLength > MAX_RECORD) {
      stop(
          recordLength == 0
              ? "the log ends at " + new Lsn(recordStart)
              : "no record stands at " + new Lsn(recordStart));
    }
  }

  private void headerKnown() {
    Lsn before = last;
    if (before != null && header.getLong(8) != before.value()) {
      stop("the record at " + new Lsn(recordStart) + " does not follow the one at " + before);
    }
  }

  private void keep(ByteBuffer part) {
    checksum.update(part.duplicate());
    int limit = rmgr() == RecordDetails.RM_XACT ? KEPT_OF_TRANSACTIONS : KEPT;
    int count = Math.min(part.remaining(), limit - kept.size());
    for (int i = 0; i < count; i++) {
      kept.write(part.get());
    }
  }

  private int rmgr() {
    return header.get(17) & 0xFF;
  }

  private void complete() {
    checksum.update(header.duplicate().clear().limit(20));
    if ((int) checksum.getValue() != header.getInt(20)) {
      stop("the record at " + new Lsn(recordStart) + " fails its checksum");
      return;
    }
    int info = header.get(16) & 0xFF;
    long xid = Integer.toUnsignedLong(header.getInt(4));
    toSegmentEnd =
        rmgr() == RecordDetails.RM_XLOG
            && (info & 0xF0) == RecordDetails.XLOG_SWITCH
            && Long.remainderUnsigned(position, segmentBytes) != 0;
    Lsn start = new Lsn(recordStart);
    Lsn end = new Lsn((position + 7) & ~7L);
    if (toSegmentEnd) {
      end = new Lsn(position).segmentStart(segmentBytes).plus(segmentBytes);
    }
    ByteBuffer body = ByteBuffer.wrap(kept.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    var detail = RecordDetails.of(rmgr(), info, xid, magic, body);
    last = start;
    next = end;
    int rmgr = rmgr();
    forgetRecord();
    sink.accept(new WalRecord(start, end, rmgr, info, xid, detail));
  }

  private void forgetRecord() {
    recordRead = 0;
    recordLength = 0;
    checksum.reset();
    if (kept.size() > KEPT) {
      kept = new ByteArrayOutputStream();
    }
    kept.reset();
  }

  private void stop(String why) {
    stopped = why;
  }
}
