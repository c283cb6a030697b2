package dev.chrysalis.redis.agent.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.redis.archive.PieceFacts;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PieceWriterTest {
  private static final LogName LOG = new LogName("redis", "redis-0/0123456789abcdef");

  private final VaultRepository vault = VaultFixture.create(new MemoryBackend());

  private static PieceFacts facts(String inode) {
    Instant at = Instant.EPOCH;
    return new PieceFacts(5, at, Optional.empty(), Optional.of(at), "f", inode, 5, "tail");
  }

  private PieceWriter.Outcome written(String text, PieceFacts facts) {
    PieceWriter writer = new PieceWriter(vault.log(LOG), Runnable::run);
    writer.write(0, ByteBuffer.wrap(text.getBytes(US_ASCII)), facts);
    return writer.poll();
  }

  @Test
  void aPieceThatIsThereAlreadyJustAsItIsWrittenWasWrittenByAnAttemptOfWhichNothingWasHeard() {
    assertThat(written("12345", facts("1"))).isInstanceOf(PieceWriter.Outcome.Done.class);
    assertThat(written("12345", facts("1"))).isInstanceOf(PieceWriter.Outcome.Done.class);
  }

  @Test
  void aPieceOfAnotherEndOrAnotherFileIsAnothers() {
    assertThat(written("12345", facts("1"))).isInstanceOf(PieceWriter.Outcome.Done.class);
    assertThat(written("1234", facts("1"))).isInstanceOf(PieceWriter.Outcome.Taken.class);
    assertThat(written("12345", facts("2"))).isInstanceOf(PieceWriter.Outcome.Taken.class);
  }
}
