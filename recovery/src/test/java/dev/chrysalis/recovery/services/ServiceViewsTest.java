package dev.chrysalis.recovery.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What is seen of a service that is not ready.
class ServiceViewsTest {
  private static final MemberId MEMBER = new MemberId("perception", 0);

  @Test
  void doesNotTakeAServiceForHungWhoseHealthWaitsForADatabaseThatHangs() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    HttpServer server = server(end);
    try {
      assertThat(found(server.getAddress().getPort()))
          .isEqualTo(new ServiceState.Waits(List.of("postgres")));
    } finally {
      end.countDown();
      server.stop(0);
    }
  }

  @Test
  void takesAServiceForHungThatAnswersNothing() throws Exception {
    HttpServer server = server(new CountDownLatch(0));
    int port = server.getAddress().getPort();
    server.stop(0);

    assertThat(found(port)).isEqualTo(new ServiceState.Hung(List.of(MEMBER)));
  }

  private static ServiceState found(int port) {
    FakePlatform platform =
        new FakePlatform(Clock.systemUTC())
            .with("perception", Workload.Kind.DEPLOYMENT, 1, 1, false);
    platform.hang(MEMBER);
    ReplicaRecords nothingSeen = new ReplicaRecords(new InMemoryRecordStore(), "butterfly");
    try (ServiceClient client = new ServiceClient()) {
      return new ServiceViews(stack(port), platform, client, nothingSeen, Clock.systemUTC())
          .situations(Set.of("postgres"))
          .getFirst()
          .state();
    }
  }

  /// At the address of the platform's first members.
  private static HttpServer server(CountDownLatch end) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/actuator",
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Stack stack(int port) {
    return StackFile.parse(
        "stack.yaml",
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/platform}
        vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
        services:
          perception: {needs: [postgres], port: %d}
        datastores:
          postgres: {kind: postgresql}
        """
            .formatted(port));
  }
}
