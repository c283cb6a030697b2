package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.postgres.Lsn;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Writes a log as PostgreSQL does, for tests: pages with headers, records over page ends.
public final class WrittenWal {
  static final int SEGMENT = 1 << 20;
  static final long SYSTEM = 7345678901234567890L;
  private static final int PAGE = WalRecordReader.PAGE_BYTES;

  final List<Lsn> starts = new ArrayList<>();
  private final long begin;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private long previous;
  private int overwrite;

  public WrittenWal(long begin) {
    this.begin = begin;
  }

  long position() {
    return begin + out.size();
  }

  /// Where each record begins.
  public List<Lsn> starts() {
    return starts;
  }

  public byte[] bytes() {
    return out.toByteArray();
  }

  public WrittenWal record(int rmgr, int info, long xid, byte[] body) {
    align();
    ByteBuffer record = ByteBuffer.allocate(24 + body.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(24 + body.length).putInt((int) xid).putLong(previous);
    record.put((byte) info).put((byte) rmgr).putShort((short) 0).putInt(0).put(body);
    CRC32C crc = new CRC32C();
    crc.update(record.array(), 24, body.length);
    crc.update(record.array(), 0, 20);
    record.putInt(20, (int) crc.getValue());
    header(0);
    previous = position();
    starts.add(new Lsn(previous));
    byte[] all = record.array();
    for (int i = 0; i < all.length; i++) {
      header(all.length - i);
      out.write(all[i]);
    }
    return this;
  }

  public WrittenWal commit(long xid, Instant at) {
    return record(1, 0x00, xid, mainData(ByteBuffer.allocate(8), at));
  }

  /// A prepared transaction's commit, with a sub-transaction and a dropped statistic before its id.
  WrittenWal commitPrepared(long xid, Instant at) {
    ByteBuffer rest = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    rest.position(8);
    rest.putInt(1 | 2 | 16 | 256).putLong(7).putInt(1).putInt(99);
    rest.putInt(1).putInt(0).putInt(0).putInt(0);
    rest.putInt((int) xid);
    return record(1, 0xB0, 0, mainData(rest.clear(), at));
  }

  WrittenWal restorePoint(String name, Instant at) {
    ByteBuffer data = ByteBuffer.allocate(72);
    data.position(8);
    data.put(name.getBytes(UTF_8));
    return record(0, 0x70, 0, mainData(data.clear(), at));
  }

  public WrittenWal segmentSwitch() {
    record(0, 0x40, 0, new byte[0]);
    while (position() % SEGMENT != 0) {
      out.write(0);
    }
    return this;
  }

  /// What a server leaves that crashed inside a record, and goes on after it.
  WrittenWal brokenRecord(int length) {
    align();
    header(0);
    long before = previous;
    ByteBuffer start = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    start.putInt(length).putInt(1).putLong(previous);
    out.writeBytes(start.array());
    while (position() % PAGE != 0) {
      out.write(1);
    }
    previous = before;
    overwrite = 8;
    return this;
  }

  private static byte[] mainData(ByteBuffer data, Instant at) {
    data.order(ByteOrder.LITTLE_ENDIAN).putLong(0, RecordDetails.micros(at));
    ByteBuffer body = ByteBuffer.allocate(2 + data.capacity());
    body.put((byte) 255).put((byte) data.capacity()).put(data.clear());
    return body.array();
  }

  private void align() {
    while (position() % 8 != 0) {
      out.write(0);
    }
  }

  private void header(int left) {
    if (position() % PAGE != 0) {
      return;
    }
    boolean segment = position() % SEGMENT == 0;
    ByteBuffer header = ByteBuffer.allocate(segment ? 40 : 24).order(ByteOrder.LITTLE_ENDIAN);
    boolean inside = left > 0 && !starts.isEmpty() && position() != previous;
    int info = (inside ? 1 : 0) | (segment ? 2 : 0) | overwrite;
    overwrite = 0;
    header.putShort((short) 0xD116).putShort((short) info).putInt(1).putLong(position());
    header.putInt(inside ? left : 0);
    if (segment) {
      header.putLong(24, SYSTEM).putInt(32, SEGMENT).putInt(36, PAGE);
    }
    out.writeBytes(header.array());
  }
}
