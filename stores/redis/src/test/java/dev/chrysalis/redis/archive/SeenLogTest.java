package dev.chrysalis.redis.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeenLogTest {
  private final AskedLog asked = new AskedLog();
  private final SeenLog seen = new SeenLog(asked);

  @Test
  void theExtentsAndEachPieceAreAskedForOnce() {
    assertThat(seen.extents()).isEqualTo(seen.extents());
    assertThat(seen.pieceAt(9)).contains(piece(0));
    assertThat(seen.pieceAt(0)).contains(piece(0));
    assertThat(seen.pieceAt(10)).contains(piece(10));
    assertThat(seen.pieceAt(19)).contains(piece(10));
    assertThat(asked.times).isEqualTo(3);
  }

  private static LogPiece piece(long from) {
    return new LogPiece(from, from + 10, Instant.EPOCH, Map.of());
  }

  /// Pieces of ten positions each.
  private static final class AskedLog implements LogStream {
    private int times;

    @Override
    public LogName name() {
      return new LogName("redis", "redis-0/0123456789abcdef");
    }

    @Override
    public List<LogExtent> extents() {
      times++;
      return List.of(new LogExtent(0, 20));
    }

    @Override
    public Stream<LogPiece> pieces(long from, long to) {
      times++;
      return Stream.of(piece(from / 10 * 10));
    }

    @Override
    public Appended append(long from, long to, ByteBuffer content, Map<String, String> facts) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<LogPiece> newest() {
      throw new UnsupportedOperationException();
    }

    @Override
    public InputStream open(LogPiece piece) {
      throw new UnsupportedOperationException();
    }
  }
}
