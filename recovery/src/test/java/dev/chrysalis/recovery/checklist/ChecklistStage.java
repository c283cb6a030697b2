package dev.chrysalis.recovery.checklist;

import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.recovery.ProtectionView;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// Checklists of a stack with one service, for which no time passes while it is watched.
final class ChecklistStage implements AutoCloseable {
  private final FakePlatform platform;
  private final int port;
  private final ServiceClient client = new ServiceClient();
  private final BoundedHttp servers = new BoundedHttp(Duration.ofSeconds(20), 1 << 20);
  private final BoundedHttp impatient = new BoundedHttp(Duration.ofMillis(200), 1 << 20);
  private final InMemoryRecordStore records = new InMemoryRecordStore();

  ChecklistStage(FakePlatform platform, int port) {
    this.platform = platform;
    this.port = port;
  }

  /// @param observability lines of that section
  Checklist checklist(String observability) {
    return of("metrics: /metrics", observability, servers);
  }

  /// The same for one that waits for no server.
  Checklist impatient(String observability) {
    return of("metrics: /metrics", observability, impatient);
  }

  Checklist withoutMetrics() {
    return of("replicas: 2", "", servers);
  }

  private Checklist of(String line, String observability, BoundedHttp http) {
    String text =
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/platform}
        vault: {location: 'file:///srv/vault', passphraseFile: /srv/passphrase}
        services:
          perception:
            port: %d
            health: /health
            %s
            samples: [{method: GET, path: '/api/rims/${id}'}]
        observability:
          watch: 5s
        %s
        """
            .formatted(port, line, observability);
    return new ChecklistGround(
            platform,
            List.of(),
            () -> new ProtectionView.Seen(List.of(), List.of()),
            client,
            http,
            records,
            new Surroundings(Clock.systemUTC(), new HastyTicker(), new Random(1)))
        .of(StackFile.parse("stack.yaml", text));
  }

  @Override
  public void close() {
    client.close();
    servers.close();
    impatient.close();
  }

  /// Whoever waits, waits no longer: the time has passed.
  private static final class HastyTicker implements Ticker {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long nanos() {
      return nanos.get();
    }

    @Override
    public void pause(Duration time) {
      nanos.addAndGet(time.toNanos());
    }
  }
}
