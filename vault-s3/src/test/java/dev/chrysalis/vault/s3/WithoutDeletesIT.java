package dev.chrysalis.vault.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.VaultLocation;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// An agent's credentials may add and read, and delete nothing: who takes its machine over cannot
/// take the backups away.
final class WithoutDeletesIT {
  private static final LogName LOG = new LogName("postgres", "7361-1");
  private static final AtomicInteger REFUSED = new AtomicInteger();

  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Server.startWithoutDeletes(REFUSED);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.stop();
  }

  @Test
  void backsUpShipsAndReadsBackAndNeverAsksForADelete() {
    byte[] content = VaultFixture.content(1, 3 << 20);
    int before = REFUSED.get();
    VaultLocation.InS3 place = server.freshPrefix();
    VaultFixture.create(open(place)).close();
    try (Vault vault = VaultFixture.open(open(place))) {
      for (String again : new String[] {"first", "second"}) {
        Snapshot made = VaultFixture.snapshot(vault, "postgres", Map.of(again, content));
        try (SnapshotReader reader = vault.openSnapshot("postgres", made.id());
            var entries = reader.entries()) {
          assertThat(entries.map(entry -> VaultFixture.read(reader, entry)))
              .containsExactly(content);
        }
      }
      for (int position = 0; position < 5; position++) {
        var _ = vault.log(LOG).append(position, position + 1, ByteBuffer.allocate(10), Map.of());
      }
      try (Stream<LogPiece> pieces = vault.log(LOG).pieces(0, 5)) {
        assertThat(pieces).hasSize(5);
      }
    }
    assertThat(REFUSED).hasValue(before);
  }

  @Test
  void saysThatTheCredentialsMayNotDelete() {
    try (ErasingBackend bucket = open(server.freshPrefix())) {
      assertThatThrownBy(() -> bucket.delete("anything"))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(VaultErrors.ACCESS_DENIED));
    }
  }

  private static ErasingBackend open(VaultLocation.InS3 place) {
    return S3Backend.open(place, S3Server.CREDENTIALS, S3TimeOuts.standard(), Clock.systemUTC());
  }
}
