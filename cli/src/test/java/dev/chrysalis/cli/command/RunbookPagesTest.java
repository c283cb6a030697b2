package dev.chrysalis.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cli.Site;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.Planner;
import dev.chrysalis.recovery.Recovery;
import dev.chrysalis.recovery.UnreadableVault;
import dev.chrysalis.vault.VaultErrors;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunbookPagesTest {
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC())
          .with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true)
          .with("perception", Workload.Kind.DEPLOYMENT, 1, 2, false);

  @Test
  void hasAPageForEveryScenarioAndAnIndexWithTheObjectives() {
    Map<String, String> pages = pages();

    assertThat(pages.keySet())
        .containsAll(Planner.SCENARIOS.stream().map(s -> s + ".md").toList())
        .contains("README.md");
    assertThat(pages.get("README.md"))
        .contains("At most 1 h of data may be lost.")
        .contains("| store-lost | 45 min | what was written after the newest WAL in the vault")
        .contains("| data-corrupted | 2 h |")
        .contains("[store-lost](store-lost.md)");
  }

  @Test
  void needsNoTerminalAndHoldsNoPassword() {
    pages()
        .forEach((name, text) ->
            assertThat(text).as(name).doesNotContain(" -it ", " -ti ", " --tty", "PGPASSWORD"));
  }

  @Test
  void asksForTheMomentToGoBackTo() {
    assertThat(pages().get("data-corrupted.md"))
        .contains("`chrysalis recover data-corrupted --to \"$TARGET\"`")
        .contains("restore --to \"$TARGET\"\n")
        .contains("export TARGET=")
        .doesNotContain("name:", "record 0/0");
    assertThat(pages().get("store-lost.md")).doesNotContain("TARGET");
  }

  @Test
  void isTheSameWhateverHappensToAMember() {
    Map<String, String> before = pages();

    platform.kill(new MemberId("postgres", 0));
    platform.loseVolume(new MemberId("postgres", 1));

    assertThat(pages()).isEqualTo(before);
  }

  @Test
  void isNotMadeOfAStackOfWhichNothingIsThere() {
    platform.scale(new Token(1), "postgres", 0);

    assertThatThrownBy(this::pages)
        .isInstanceOf(ChrysalisException.class)
        .hasMessage("of postgres are 0 members there");
  }

  private Map<String, String> pages() {
    UnreadableVault vault =
        new UnreadableVault(new ChrysalisException(VaultErrors.BAD_LOCATION, "gone", "mount it"));
    Stack stack = stack();
    try (Site site =
        new Site(
            stack,
            platform,
            new Recovery(stack, platform, vault, vault, Surroundings.system()),
            () -> {
              throw new AssertionError("nobody may need the vault");
            },
            () -> {})) {
      return RunbookCommand.pages(site);
    }
  }

  private static Stack stack() {
    return StackFile.parse(
        "stack.yaml",
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/platform}
        vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
        objectives: {database: 45m}
        services:
          perception: {needs: [postgres]}
        datastores:
          postgres:
            kind: postgresql
            clients: [{service: perception, variable: POSTGRES_HOST}]
        """);
  }
}
