package dev.chrysalis.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.cli.Site;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.Recovery;
import dev.chrysalis.recovery.UnreadableVault;
import dev.chrysalis.vault.VaultErrors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class VerifyCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC()).with("perception", Workload.Kind.DEPLOYMENT, 1, 1, false);

  @Test
  void printsEveryBoxWithItsReasonAndFailsWithTheDocumentedCode() throws IOException {
    assertThat(verify()).isEqualTo(17);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsPattern("\\[x] +All members running and ready +1 ready in \\[perception]")
        .containsPattern("\\[ ] FAILED +Health endpoints return 200 +perception-0 0")
        .containsPattern("\\[ ] FAILED +Metrics flowing +perception-0 /metrics: no answer")
        .containsPattern("\\[x] +Logs appearing .*no aggregator is configured")
        .containsPattern("\\[ ] FAILED +Sample requests succeed +perception-0 GET /: no answer")
        .containsPattern("\\[\\?] unknown +Consumer lag not increasing +no Kafka in this stack")
        .containsPattern("\\[\\?] unknown +No error spikes +perception: answers of 5xx: ")
        .containsPattern("\\[\\?] unknown +Protection runs again +the stack has no datastore");
    assertThat(err.size()).isZero();
  }

  @Test
  void printsTheSameForMachines() throws IOException {
    assertThat(verify("-o", "json")).isEqualTo(17);

    JsonNode boxes = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(boxes).hasSize(9);
    assertThat(boxes)
        .anySatisfy(box -> {
          assertThat(box.path("name").asText()).isEqualTo("consumer-lag");
          assertThat(box.path("verdict").asText()).isEqualTo("UNKNOWN");
          assertThat(box.path("evidence").asText()).isEqualTo("no Kafka in this stack");
        });
  }

  private int verify(String... words) throws IOException {
    VerifyCommand command = new VerifyCommand(stream(out), stream(err));
    new CommandLine(command).parseArgs(words);
    try (Site site = site()) {
      return command.verify(site);
    }
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private Site site() throws IOException {
    UnreadableVault vault =
        new UnreadableVault(
            new ChrysalisException(
                VaultErrors.BAD_LOCATION, "the vault's directory does not exist", "mount it"));
    Stack stack = stack();
    return new Site(
        stack,
        platform,
        new Recovery(stack, platform, vault, vault, Surroundings.system()),
        () -> {
          throw new AssertionError("nobody may need the vault");
        },
        () -> {});
  }

  /// Of a service that nobody answers for.
  private static Stack stack() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: 'file:///srv/vault', passphraseFile: /srv/passphrase}
          services:
            perception: {port: %d, metrics: /metrics, samples: [{method: GET, path: /}]}
          observability: {watch: 1s}
          """
              .formatted(free.getLocalPort()));
    }
  }
}
