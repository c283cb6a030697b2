package dev.chrysalis.vault.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.BackendContract;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.VaultLocation;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class S3BackendIT extends BackendContract {
  private final S3Server server;

  S3BackendIT() throws Exception {
    server = S3Server.start();
  }

  /// Over plain HTTP the SDK signs an upload in chunks of 128 KiB, each a new array that is garbage
  /// at once; that no more is held is shown by `S3FailureTest`.
  @Override
  protected long allocationLimit() {
    return 96L << 20;
  }

  @AfterAll
  void stopServer() throws Exception {
    server.stop();
  }

  @Override
  protected ErasingBackend emptyBackend() {
    return open(server.freshPrefix());
  }

  private static S3Backend open(VaultLocation.InS3 location) {
    return S3Backend.open(location, S3Server.CREDENTIALS, S3TimeOuts.standard(), Clock.systemUTC());
  }

  @Test
  void vaultsUnderOtherPrefixesDoNotSeeEachOther() throws IOException {
    backend().create("a", text("x"));
    try (Backend whole = open(server.at(S3Server.BUCKET, ""));
        Backend other = emptyBackend()) {
      assertThat(other.size("a")).isEmpty();
      assertThat(other.list("")).isEmpty();
      assertThat(whole.list("vault-").map(Backend.Listed::key)).anyMatch(key -> key.endsWith("/a"));
    }
  }

  @Test
  void wrongCredentialsAreSaidToBeWrong() {
    VaultLocation.InS3 location = server.freshPrefix();
    for (String key : new String[] {"tester", "stranger"}) {
      try (Backend backend =
          S3Backend.open(
              location,
              S3Server.credentials(key, "wrong"),
              S3TimeOuts.standard(),
              Clock.systemUTC())) {
        assertFails(VaultErrors.ACCESS_DENIED, () -> backend.create("a", text("x")));
        assertFails(VaultErrors.ACCESS_DENIED, () -> backend.open("a", 0, 1));
        assertFails(VaultErrors.ACCESS_DENIED, () -> backend.size("a"));
        assertFails(VaultErrors.ACCESS_DENIED, () -> backend.list(""));
      }
    }
  }

  @Test
  void aMissingBucketIsABadLocationAndNotAnEmptyVault() {
    try (Backend backend = open(server.at("no-such-bucket", "p"))) {
      assertFails(VaultErrors.BAD_LOCATION, () -> backend.create("a", text("x")));
      assertFails(VaultErrors.BAD_LOCATION, () -> backend.open("a", 0, 1));
      assertFails(VaultErrors.BAD_LOCATION, () -> backend.size("a"));
      assertFails(VaultErrors.BAD_LOCATION, () -> backend.list(""));
    }
  }

  @Test
  void aServerThatIsDownIsUnreachable() throws Exception {
    S3Server gone = S3Server.start();
    URI closed = gone.endpoint();
    gone.stop();
    try (Backend backend =
        open(new VaultLocation.InS3(S3Server.BUCKET, "", null, closed, true, null))) {
      assertFails(VaultErrors.UNREACHABLE, () -> backend.create("a", text("x")));
      assertFails(VaultErrors.UNREACHABLE, () -> backend.open("a", 0, 1));
      assertFails(VaultErrors.UNREACHABLE, () -> backend.size("a"));
      assertFails(VaultErrors.UNREACHABLE, () -> backend.list(""));
    }
  }
}
