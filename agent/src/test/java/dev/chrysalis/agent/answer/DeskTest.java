package dev.chrysalis.agent.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.agent.task.AgentEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Desk and asker, over a real socket.
class DeskTest {
  private static final List<String> STATUS = List.of("redis", "status", "-o", "json");

  /// Short, since the kernel's addresses are.
  private Path spool;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void makeASpool() throws IOException {
    spool = Files.createTempDirectory(Path.of("/tmp"), "desk");
  }

  @AfterEach
  void removeTheSpool() throws IOException {
    Files.deleteIfExists(file());
    Files.delete(spool);
  }

  private Path file() {
    return spool.resolve("agent.sock");
  }

  private Map<String, String> variables() {
    return Map.of("CHRYSALIS_SPOOL", spool.toString(), "PGPORT", "5433");
  }

  private OptionalInt ask(List<String> words) {
    return Asking.ask(
        variables(),
        words,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private Optional<Desk> desk() {
    AgentEnvironment environment =
        new AgentEnvironment(
            Map.of("CHRYSALIS_SPOOL", spool.toString()),
            System.out,
            System.err,
            InstantSource.system(),
            "none");
    return Desk.open(environment, DeskTest::answer);
  }

  private static int answer(AgentEnvironment environment, List<String> words) {
    environment.out().println(words + " at " + environment.variable("PGPORT").orElse("?"));
    environment.err().println("näher betrachtet");
    return 7;
  }

  @Test
  void answersWithTheVariablesOfWhoAsks() throws IOException {
    try (Desk _ = desk().orElseThrow()) {
      assertThat(ask(STATUS)).hasValue(7);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
          .isEqualTo("rw-------");
    }

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("[redis, status, -o, json] at 5433\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("näher betrachtet\n");
    assertThat(file()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres backup", "job start 7", "redis", "redis ship"})
  void isNotAskedWhatIsNoLook(String words) {
    try (Desk _ = desk().orElseThrow()) {
      assertThat(ask(List.of(words.split(" ", -1)))).isEmpty();
    }
  }

  @Test
  void whoIsNotAnsweredDoesItItself() throws IOException {
    assertThat(ask(STATUS)).isEmpty();

    try (ServerSocketChannel halted = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      ServerSocketChannel _ = halted.bind(UnixDomainSocketAddress.of(file()));
      assertThat(ask(STATUS)).isEmpty();
    }

    // A file without a process, as after a kill.
    assertThat(ask(STATUS)).isEmpty();
    assertThat(out.size()).isZero();
  }

  @Test
  void manyAskAHaltedProcessAndNoneWaitsForEver() throws IOException {
    try (ServerSocketChannel halted = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      ServerSocketChannel _ = halted.bind(UnixDomainSocketAddress.of(file()), 1);
      for (int i = 0; i < 5; i++) {
        assertThat(ask(STATUS)).isEmpty();
      }
    }
  }

  @Test
  void theSocketOfAKilledProcessIsReplacedAndThatOfALivingOneIsNot() throws IOException {
    try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      ServerSocketChannel _ = killed.bind(UnixDomainSocketAddress.of(file()));
    }
    try (Desk _ = desk().orElseThrow()) {
      assertThat(desk()).isEmpty();
      assertThat(ask(STATUS)).hasValue(7);
    }
  }

  @Test
  void aLongLookIsWaitedForWhileTheDeskIsAlive() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    AgentEnvironment environment =
        new AgentEnvironment(variables(), System.out, System.err, InstantSource.system(), "none");
    try (Desk _ =
        Desk.open(
                environment,
                (_, _) -> {
                  try {
                    boolean _ = over.await(7, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return 3;
                })
            .orElseThrow()) {
      assertThat(ask(STATUS)).hasValue(3);
    }
    assertThat(over.getCount()).isOne();
  }
}
