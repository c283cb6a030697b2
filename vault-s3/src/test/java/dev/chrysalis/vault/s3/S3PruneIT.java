package dev.chrysalis.vault.s3;

import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.prune.PruneContract;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class S3PruneIT extends PruneContract {
  private final S3Server server;

  S3PruneIT() throws Exception {
    server = S3Server.start();
  }

  @AfterAll
  void stopServer() throws Exception {
    server.stop();
  }

  @Override
  protected ErasingBackend emptyPlace() {
    return S3Backend.open(
        server.freshPrefix(), S3Server.CREDENTIALS, S3TimeOuts.standard(), Clock.systemUTC());
  }
}
