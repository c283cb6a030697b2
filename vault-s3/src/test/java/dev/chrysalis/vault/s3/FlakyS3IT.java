package dev.chrysalis.vault.s3;

import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.FlakyContract;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FlakyS3IT extends FlakyContract {
  private final S3Server server;

  FlakyS3IT() throws Exception {
    server = S3Server.start();
  }

  /// Over plain HTTP the SDK signs an upload in chunks of 128 KiB, each a new array that is garbage
  /// at once; that no more is held is shown by `S3FailureTest`.
  @Override
  protected long allocationLimit() {
    return 96L << 20;
  }

  @Override
  protected int manyObjects() {
    return 100;
  }

  @AfterAll
  void stopServer() throws Exception {
    server.stop();
  }

  @Override
  protected ErasingBackend emptyStore() {
    return S3Backend.open(
        server.freshPrefix(), S3Server.CREDENTIALS, S3TimeOuts.standard(), Clock.systemUTC());
  }
}
