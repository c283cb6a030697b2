package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What the command line says to what people type wrong, before anything is touched.
class CommandLineTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lab break primary-lost --dir",
        "lab status --dir",
      })
  void saysThatThereIsNoLabOrThatItsProgramsAreNotBuilt(String words) {
    assertThat(run(words + " " + folder.resolve("lab"), 10, 11, 2))
        .containsPattern("error CHR-(8003|1008)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aside list",
        "aside drop postgres-0 run-1",
        "aside drop --older-than 7d",
        "aside give-back postgres-0 run-1",
        "approve RUN STEP --happened",
        "abort RUN",
        "resume",
        "recover store-lost --approve",
        "report RUN",
        "backup postgres",
        "prove",
        "prune --dry-run",
        "vault copy --to /tmp/elsewhere",
        "vault check-copy --to /tmp/elsewhere --sample 5",
        "prove 20261123t021530z-7f3a9c --sample 10%",
        "prove --sample 10",
        "notify --test",
        "runbook --write /tmp/elsewhere --check",
        "report RUN --post-mortem",
        "report RUN --review review.ics",
      })
  void saysThatTheStackFileCannotBeRead(String words) {
    assertThat(run(words + " --stack " + folder.resolve("none.yaml"), 10))
        .contains("error CHR-1101");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lab break nonsense",
        "lab break service-hung --service cassandra",
        "lab break primary-lost --service nexus",
        "lab up --services perception,cassandra",
        "drill primary-lost --against-runbook",
        "aside drop",
        "aside drop postgres-0",
        "aside drop postgres-0 run-1 --older-than 7d",
        "aside drop --older-than soon",
        "recover --frobnicate",
        "report",
        "frobnicate",
        "runbook",
        "prove --sample 101%",
        "prove --sample x",
        "prove Newest",
        "prove --threads 0",
        "prune --wait soon",
        "vault copy"
      })
  void saysWhatWasNotUnderstood(String words) {
    assertThat(run(words, 2)).contains("error CHR-1004").containsPattern("hint: .*chrysalis");
  }

  @Test
  void saysWhatATargetLacksBeforeAnythingIsOpened() {
    assertThat(run("recover data-corrupted --approve", 2))
        .contains("error CHR-7007")
        .contains("--to");
    assertThat(run("plan store-lost --to latest", 2)).contains("error CHR-7008");
    assertThat(run("recover --to latest", 2)).contains("error CHR-7008");
    assertThat(run("plan data-corrupted --to 2026-11-23T02:15:30", 2))
        .contains("error CHR-1004")
        .contains("has no zone")
        .contains("2026-11-23T02:15:30Z");
    assertThat(run("plan data-corrupted --to xid:12 --stack " + folder.resolve("none.yaml"), 10))
        .contains("error CHR-1101");
  }

  @Test
  void saysWhereARestoreInPlaceBelongsBeforeAnythingIsOpened() {
    assertThat(run("recover --in-place --approve", 2))
        .contains("error CHR-7040", "data-corrupted and store-lost, not to what is found");
    assertThat(run("plan replica-lost --in-place", 2)).contains("error CHR-7040");
    assertThat(run("recover store-lost --no-way-back", 2)).contains("error CHR-1004");
    assertThat(run("recover store-lost --in-place --stack " + folder.resolve("none.yaml"), 10))
        .contains("error CHR-1101");
  }

  @Test
  void helpsWithEveryCommand() {
    List<CommandLine> open =
        new ArrayList<>(List.of(Main.commandLine(System.out, System.err, List.of())));
    while (!open.isEmpty()) {
      CommandLine command = open.removeFirst();
      assertThat(command.getCommandSpec().optionsMap())
          .as(command.getCommandSpec().qualifiedName())
          .containsKey("--help");
      open.addAll(command.getSubcommands().values());
    }
  }

  private static String run(String words, Integer... codes) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code;
    try (PrintStream out = new PrintStream(PrintStream.nullOutputStream());
        PrintStream told = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      code = Main.run(out, told, words.split(" ", -1));
    }
    String text = err.toString(StandardCharsets.UTF_8);
    assertThat(codes).as(text).contains(code);
    assertThat(text).doesNotContain("\tat ");
    return text;
  }
}
