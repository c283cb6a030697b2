package dev.chrysalis.recovery.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.postgres.control.MemberViews;
import dev.chrysalis.postgres.control.PostgresAgents;
import dev.chrysalis.recovery.ProtectionView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ChecklistTest {
  private final AtomicInteger sampled = new AtomicInteger();
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC()).with("perception", Workload.Kind.DEPLOYMENT, 2, 2, false);

  @Test
  void sendsNoSampleRequestWhileAnotherBoxFails() {
    try (ServiceClient client = new ServiceClient()) {
      List<Check> checks = checklist(client).goCarefully();

      assertThat(checks).anyMatch(c -> c.verdict() == Check.Verdict.FAILED);
      assertThat(checks)
          .filteredOn(c -> c.name().equals("sample-requests"))
          .singleElement()
          .satisfies(c -> assertThat(c.verdict()).isEqualTo(Check.Verdict.UNKNOWN));
      assertThat(sampled).hasValue(0);
    }
  }

  @Test
  void checksEveryBoxForAPersonWhateverFails() {
    try (ServiceClient client = new ServiceClient()) {
      assertThat(checklist(client).go())
          .filteredOn(c -> c.name().equals("sample-requests"))
          .singleElement()
          .satisfies(c -> assertThat(c.verdict()).isEqualTo(Check.Verdict.FAILED));
      assertThat(sampled).hasPositiveValue();
    }
  }

  /// Of a stack whose service answers nobody.
  private Checklist checklist(ServiceClient client) {
    RandomGenerator random =
        () -> {
          sampled.incrementAndGet();
          return 1L << 62;
        };
    PostgresAgents agents = new PostgresAgents(platform, new Jobs(platform));
    return new Checklist(
        stack(),
        platform,
        new MemberViews(platform, agents),
        () -> new ProtectionView.Seen(Optional.empty(), Optional.empty(), List.of()),
        client,
        random);
  }

  private static Stack stack() {
    return StackFile.parse(
        "stack.yaml",
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/platform}
        vault: {location: 'file:///srv/vault', passphraseFile: /srv/passphrase}
        services:
          perception:
            port: %d
            samples: [{method: GET, path: '/api/rims/${id}'}]
        """
            .formatted(freePort()));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
