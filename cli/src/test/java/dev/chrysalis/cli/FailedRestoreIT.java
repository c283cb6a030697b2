package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.platform.volume.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Restores that cannot succeed, ordered over a stack that is alive: it must be alive afterwards.
class FailedRestoreIT {
  private static LabStage stage;

  @BeforeAll
  static void up() throws IOException {
    stage = LabStage.up();
  }

  @AfterAll
  static void down() throws IOException {
    stage.close();
  }

  @Test
  void givesTheOldDataBackWhenARestoreFailsHalfWay() throws IOException {
    stage.awaitService();
    Set<String> asides = asides();
    DamagedPacks packs = DamagedPacks.in(stage.lab().layout().vault());

    LabStage.Result result = stage.run("recover", "store-lost", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isEqualTo(16);
    assertThat(result.out()).contains("the data of postgres-0 is back as it was");
    assertThat(result.err()).contains("CHR-4103").contains("given back").contains("hint: ");
    stage.awaitService();
    assertThat(asides()).isEqualTo(asides);
    packs.repair();
    // With the cause gone the same run is brought to its end.
    LabStage.Result again = stage.run("resume", "--approve");
    assertThat(again.code()).as(again.out() + again.err()).isZero();
    stage.awaitService();
  }

  @Test
  void touchesNothingWhereAPackIsMissing() throws IOException {
    stage.awaitService();
    Set<String> asides = asides();
    Instant before = Instant.now();
    Path pack = DamagedPacks.find(stage.lab().layout().vault()).getFirst();
    Path hidden = pack.resolveSibling("hidden");
    Files.move(pack, hidden, StandardCopyOption.ATOMIC_MOVE);
    try {
      LabStage.Result result = stage.run("recover", "store-lost", "--approve");

      assertThat(result.code()).isEqualTo(16);
      assertThat(stage.run("recover", "store-lost", "--approve").err()).contains("CHR-2013");
      assertThat(result.out() + result.err())
          .contains("packs")
          .doesNotContain("of 1 h  stop-perception");
      abortTheOpenRun();
    } finally {
      Files.move(hidden, pack, StandardCopyOption.ATOMIC_MOVE);
    }
    assertThat(asides()).isEqualTo(asides);
    assertThat(stage.ledger().firstAcknowledgedAfter(before)).isPresent();
  }

  @Test
  void touchesNothingWithTheWrongPassphrase() throws IOException {
    stage.awaitService();
    Path wrong = Files.createTempFile("chrysalis", "passphrase");
    Path file = Files.createTempFile("chrysalis", "stack.yaml");
    try {
      Files.writeString(wrong, "not the passphrase\n");
      String stackFile = Files.readString(stage.lab().layout().stackFile());
      Files.writeString(
          file, stackFile.replaceAll("passphraseFile: .*", "passphraseFile: '" + wrong + "'"));

      int code =
          Main.run(
              System.out,
              System.err,
              "recover",
              "store-lost",
              "--approve",
              "--stack",
              file.toString());

      assertThat(code).isEqualTo(18);
      stage.awaitService();
    } finally {
      Files.delete(wrong);
      Files.delete(file);
    }
  }

  /// A copy that nobody tried may be of another vault.
  @Test
  void checkTriesTheCopyOfThePassphrase() throws IOException {
    Path stackFile = stage.lab().layout().stackFile();
    String text = Files.readString(stackFile);
    Path escrow = Files.createTempFile("chrysalis", "escrow");
    try {
      declare("escrowFile: '" + escrow + "'");
      Files.writeString(escrow, "not the passphrase\n");
      assertThat(stage.run("check").out()).containsPattern("(?m)^.*escrow +.*CHR-");

      Files.copy(passphrase(text), escrow, StandardCopyOption.REPLACE_EXISTING);
      assertThat(stage.run("check").out()).contains(escrow + " opens the vault");
    } finally {
      Files.writeString(stackFile, text);
      Files.delete(escrow);
    }
  }

  private static Path passphrase(String stackFile) {
    Matcher m = Pattern.compile("passphraseFile: '?([^'\\n]+)'?").matcher(stackFile);
    assertThat(m.find()).isTrue();
    return Path.of(m.group(1).strip());
  }

  @Test
  void tellsWhatItCanWhileTheVaultIsAwayInTheMiddleOfARestoreAndComesToItsEndAfterwards()
      throws IOException {
    stage.awaitService();
    LabStage.Controller controller = stage.start("recover", "store-lost", "--approve");
    controller.awaitText(" of 1 h  recover-postgres-0");
    Path vault = stage.lab().layout().vault();
    Path away = vault.resolveSibling("vault-away");
    Files.move(vault, away, StandardCopyOption.ATOMIC_MOVE);
    try {
      assertThat(stage.run("assess").out()).contains("vault-unreachable", "CHR-4007");
      assertThat(stage.run("status").out())
          .contains("unknown, the vault cannot be read", "postgres-0", "postgres-1");
      assertThat(stage.run("check").code()).isEqualTo(17);
      assertThat(stage.run("plan", "store-lost").err()).contains("error CHR-4007");
    } finally {
      Files.move(away, vault, StandardCopyOption.ATOMIC_MOVE);
    }

    if (controller.awaitEnd() != 0) {
      assertThat(controller.text())
          .contains("error CHR-", "hint: ")
          .doesNotContain("Recovered and verified");
      LabStage.Result again = stage.run("resume", "--approve");
      assertThat(again.code()).as(controller.text() + again.out() + again.err()).isZero();
    }
    stage.awaitService();
    stage.awaitAllWell();
  }

  @Test
  void recoversFromTheCopyThatIsKeptOfAVaultThatIsGone() throws IOException {
    stage.awaitService();
    Instant begun = Instant.now();
    Path vault = stage.lab().layout().vault();
    Path copy = vault.resolveSibling("vault-copy");
    declare("copy: {location: '" + copy.toUri() + "', every: 1h}");
    assertThat(stage.run("assess").out()).contains("vault-copy", "was never made");
    assertThat(stage.run("protect", "--once").out()).contains(" copied ");
    assertThat(stage.run("assess").out()).doesNotContain("vault-copy");
    Disaster disaster = stage.lab().breakIt(Fault.STORE_LOST);
    assertThat(stage.run("vault", "copy", "--to", copy.toUri().toString()).code()).isZero();
    Path gone = vault.resolveSibling("vault-gone");
    Files.move(vault, gone, StandardCopyOption.ATOMIC_MOVE);
    // The agents have its location, too, and run as the lab's own user.
    Files.move(copy, vault, StandardCopyOption.ATOMIC_MOVE);
    own(vault, PrivateFiles.like(gone));

    LabStage.Result result = stage.run("recover", "store-lost", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    stage.awaitService();
    assertThat(stage.readBack(disaster.at()).lost())
        .map(LedgerVerdict.LostWrite::acknowledgedAt)
        .as("what other restores took is gone")
        .noneMatch(at -> at.isAfter(begun) && at.isBefore(disaster.at().minusSeconds(10)));
    stage.awaitAllWell();
  }

  private static void own(Path folder, PrivateFiles like) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        like.own(path);
      }
    }
  }

  /// Adds a line on the vault to the stack file.
  private static void declare(String line) throws IOException {
    Path stackFile = stage.lab().layout().stackFile();
    String text = Files.readString(stackFile);
    Files.writeString(
        stackFile, text.replaceFirst("(?m)^( +)passphraseFile:", "$1" + line + "\n$0"));
  }

  /// Member and name of what is set aside; restores that other tests brought to their end leave
  /// some.
  private static Set<String> asides() {
    return stage
        .run("aside", "list")
        .out()
        .lines()
        .map(line -> line.replaceAll("^(\\S+)\\s+(\\S+).*", "$1 $2"))
        .collect(Collectors.toSet());
  }

  private static void abortTheOpenRun() {
    String run =
        stage.run("runs").out().lines().skip(1).findFirst().orElseThrow().replaceAll(" .*", "");
    assertThat(stage.run("abort", run).code()).isZero();
  }
}
