package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.nio.ByteBuffer;
import java.time.Instant;

/// The streaming replication protocol's messages. Source: the manual's chapter of that name.
sealed interface StreamMessage {
  /// @param serverEnd the end of the server's WAL when it sent this
  /// @param sentAt by the server's clock
  record Wal(Lsn from, Lsn serverEnd, Instant sentAt, ByteBuffer bytes) implements StreamMessage {}

  record Alive(Lsn serverEnd, Instant sentAt, boolean wantsReply) implements StreamMessage {}

  record Unknown() implements StreamMessage {}

  static StreamMessage of(byte[] message) {
    ByteBuffer buffer = ByteBuffer.wrap(message);
    return switch ((char) buffer.get()) {
      case 'w' -> {
        Lsn from = new Lsn(buffer.getLong());
        Lsn end = new Lsn(buffer.getLong());
        yield new Wal(from, end, RecordDetails.instant(buffer.getLong()), buffer.slice());
      }
      case 'k' -> {
        Lsn end = new Lsn(buffer.getLong());
        yield new Alive(end, RecordDetails.instant(buffer.getLong()), buffer.get() != 0);
      }
      default -> new Unknown();
    };
  }

  /// The client's report: what it received, and what of it is durable.
  static byte[] status(Lsn received, Lsn durable, Instant now, boolean wantsReply) {
    return ByteBuffer.allocate(34)
        .put((byte) 'r')
        .putLong(received.value())
        .putLong(durable.value())
        // Nothing is ever applied: a synchronous commit at remote_apply must not count on us.
        .putLong(0)
        .putLong(RecordDetails.micros(now))
        .put((byte) (wantsReply ? 1 : 0))
        .array();
  }
}
