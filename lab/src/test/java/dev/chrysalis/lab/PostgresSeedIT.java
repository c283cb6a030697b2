package dev.chrysalis.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.model.MemberId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The seeded servers, without a platform: nobody restarts what is broken.
final class PostgresSeedIT {
  private static final Path CLAIMS = Path.of(System.getProperty("java.io.tmpdir"));
  private static final Path ARCHIVE = Path.of("target/servers/postgres-17.jar");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Path shared;
  private static PostgresDistribution programs;

  private final LabUser user = LabUser.of(System.getProperty("user.name"));
  private final List<Process> running = new ArrayList<>();
  private Path root;
  private LabAddresses addresses;
  private LabSecrets secrets;

  @BeforeAll
  static void unpack() throws IOException {
    shared = Files.createTempDirectory("chrysalis-programs-");
    programs = PostgresDistribution.unpack(ARCHIVE, shared.resolve("postgres"));
    LabUser.of(System.getProperty("user.name")).own(shared);
  }

  @AfterAll
  static void removePrograms() throws IOException {
    FileTree.remove(shared);
  }

  @BeforeEach
  void seed() throws IOException {
    root = Files.createTempDirectory("chrysalis-seed's 100%p-");
    for (String name : List.of("secrets", "volumes", "volumes/postgres-0", "volumes/postgres-1")) {
      Files.createDirectory(root.resolve(name));
    }
    addresses = new LabAddresses(LabNetwork.claim(CLAIMS, root, List.of(5432)));
    secrets = LabSecrets.generate(root.resolve("secrets"), new SecureRandom());
    user.own(root);
    PostgresSeed seed = new PostgresSeed(programs, secrets, user);
    seed.primary(data(0));
    seed.replica(data(0), data(1), addresses.postgres().getFirst(), spool());
    user.own(root);
  }

  @AfterEach
  void removeEverything() throws Exception {
    for (Process process : running) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      assertThat(process.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    FileTree.remove(root);
    LabNetwork.release(CLAIMS, root);
  }

  @Test
  void theReplicaFollowsUntilItsSlotIsGone() throws IOException {
    start(0);
    server(0).awaitAndCreateSlot();
    start(1);
    await().atMost(PATIENCE).until(() -> server(0).seen().followers() == 1);
    assertThat(server(0).seen().takesWrites()).contains(true);
    assertThat(server(1).seen().takesWrites()).contains(false);

    Disaster disaster = breaker().dropSlot();
    assertThat(disaster.members()).containsExactly(new MemberId("postgres", 0));
    // A standby that asks again is seen for the moment in which it is refused.
    await().atMost(PATIENCE).until(() -> server(0).seen().followers() == 0);
    assertThat(server(0).seen().dropSlot("none")).isTrue();
  }

  @Test
  void theReplicaAsksTheSpoolAndStreamsWhereThatHasNothing() throws IOException {
    Path spool = Files.createDirectory(spool());
    Files.writeString(
        spool.resolve("fetch-wal"),
        """
        echo "$1" >>"${0%/*}/asked"
        case $2 in pg_wal/*) exit 1 ;; esac
        exit 126
        """);
    user.own(spool);
    start(0);
    server(0).awaitAndCreateSlot();
    start(1);
    await().atMost(PATIENCE).until(() -> server(0).seen().followers() == 1);
    assertThat(spool.resolve("asked")).content().contains("000000010000000000000001");
  }

  @Test
  void aLostPrimaryIsKilledAndItsVolumeIsGone() throws IOException {
    Process primary = start(0);
    server(0).awaitAndCreateSlot();
    assertThat(server(0).seen().processes()).hasSizeGreaterThan(3);
    breaker().primaryLost();
    assertThat(root.resolve("volumes/postgres-0")).doesNotExist();
    assertThat(root.resolve("volumes/postgres-1")).exists();
    await().atMost(PATIENCE).until(() -> !primary.isAlive());
  }

  @Test
  void aHungPrimaryIsThereAndAnswersNothing() throws IOException {
    Process primary = start(0);
    server(0).awaitAndCreateSlot();
    breaker().primaryHung();
    assertThat(server(0).seen().takesWrites()).isEmpty();
    assertThat(primary.isAlive()).isTrue();
  }

  private StoreBreaker breaker() {
    return new StoreBreaker(
        List.of(new MemberId("postgres", 0), new MemberId("postgres", 1)),
        member -> server(member.ordinal()).seen(),
        member -> root.resolve("volumes").resolve(member.toString()),
        new Graveyard(root.resolve("volumes/.grave")),
        Clock.systemUTC());
  }

  private Process start(int ordinal) throws IOException {
    List<String> command =
        List.of(
            programs.program("postgres").toString(),
            "-D",
            data(ordinal).toString(),
            "-c",
            "listen_addresses=" + addresses.postgres().get(ordinal),
            "-c",
            "cluster_name=postgres-" + ordinal);
    Process process =
        new ProcessBuilder(user.command(command))
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("log-" + ordinal).toFile())
            .start();
    running.add(process);
    return process;
  }

  private Path spool() {
    return root.resolve("spool");
  }

  private Path data(int ordinal) {
    return root.resolve("volumes/postgres-" + ordinal + "/data");
  }

  private Seen server(int ordinal) {
    return new Seen(
        new PostgresServer(
            addresses.postgres().get(ordinal), data(ordinal), secrets.administratorPassword()));
  }

  private record Seen(PostgresServer seen) {
    void awaitAndCreateSlot() {
      await().atMost(PATIENCE).until(() -> seen.takesWrites().isPresent());
      seen.createSlot(PostgresSeed.REPLICA_SLOT);
    }
  }
}
