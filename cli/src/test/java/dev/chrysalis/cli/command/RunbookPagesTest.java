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
import dev.chrysalis.recovery.Recovery;
import dev.chrysalis.recovery.UnreadableVault;
import dev.chrysalis.vault.VaultErrors;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunbookPagesTest {
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC())
          .with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true)
          .with("perception", Workload.Kind.DEPLOYMENT, 1, 2, false)
          .with("nexus", Workload.Kind.DEPLOYMENT, 1, 1, false);

  @Test
  void hasAPageForEveryScenarioAndAnIndexWithTheObjectives() {
    Map<String, String> pages = pages();

    assertThat(pages.keySet())
        .contains(
            "primary-down.md",
            "primary-lost.md",
            "replica-down.md",
            "replica-lost.md",
            "replication-broken.md",
            "store-lost.md",
            "data-corrupted.md",
            "service-down.md",
            "all-down.md")
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
  void restartsServicesEachAfterWhatItNeeds() {
    assertThat(pages().get("service-down.md"))
        .contains("# service-down of butterfly", "`chrysalis recover service-down`")
        .contains("The steps are there for perception, nexus; leave out those of who is well.")
        .contains("kubectl delete pod perception-0")
        .contains("## 4. Wait until perception is ready", "After: await-perception, ")
        .doesNotContain("rollout undo");
  }

  @Test
  void rollsAReleaseBackWithoutNamingARevisionOfToday() {
    assertThat(pages().get("service-down-bad-release.md"))
        .contains("# service-down of butterfly", "`chrysalis recover service-down`")
        .contains("Roll perception back to the newest revision that was ready")
        .contains("for each service `export REVISION=…`")
        .contains("undo deployment/perception --to-revision=\"$REVISION\"")
        .contains("set env deployment/perception POSTGRES_HOST=\"$NEW_PRIMARY\"")
        .contains("`export NEW_PRIMARY=…`, whom clients are to write to")
        .doesNotContain("delete pod");
  }

  @Test
  void startsServicesAfterTheDatastoreWhenAllIsDown() {
    assertThat(pages().get("all-down.md"))
        .contains("Restart the primary postgres-0", "Restart the standby postgres-1")
        .contains("After: confirm-services, restart-postgres-0.")
        .contains("After: await-perception, confirm-services.");
    assertThat(pages().get("README.md")).contains("| all-down | 45 min | nothing |");
  }

  @Test
  void hasNoPagesForServicesThatNobodyWants() {
    platform.scale(new Token(1), "perception", 0);
    platform.scale(new Token(1), "nexus", 0);

    assertThat(pages())
        .containsKey("primary-down.md")
        .doesNotContainKeys("service-down.md", "all-down.md");
  }

  @Test
  void isTheSameWhateverHappensToAMember() {
    Map<String, String> before = pages();

    platform.kill(new MemberId("postgres", 0));
    platform.loseVolume(new MemberId("postgres", 1));
    platform.kill(new MemberId("perception", 0));

    assertThat(pages()).isEqualTo(before);
  }

  @Test
  void isNotMadeOfAStackOfWhichNothingIsThere() {
    platform.scale(new Token(1), "postgres", 0);

    assertThatThrownBy(this::pages)
        .isInstanceOf(ChrysalisException.class)
        .hasMessage("of postgres are 0 members there");
  }

  /// The others of a ring serve on while one is replaced.
  @Test
  void stopsAndStartsOneNodeOfARingAlone() {
    Map<String, String> pages = pagesOfARing();

    for (String page : List.of("node-down.md", "node-lost.md", "tables-damaged.md")) {
      assertThat(pages.get(page)).as(page).isNotEmpty().doesNotContain("--replicas=");
    }
    assertThat(pages.get("node-lost.md")).contains("kubectl delete pod/cassandra-0");
    assertThat(pages.get("store-lost.md"))
        .contains("statefulset/cassandra --replicas=0", "statefulset/cassandra --replicas=3")
        .contains("CHRYSALIS_MEMBER=cassandra-2 chrysalis agent cassandra restore");
  }

  @Test
  void asksForTheMomentToBringARingBackTo() {
    assertThat(pagesOfARing().get("data-corrupted.md"))
        .contains("`chrysalis recover data-corrupted --to \"$TARGET\"`", "export TARGET=")
        .doesNotContain("1970");
  }

  private Map<String, String> pagesOfARing() {
    platform.with("cassandra", Workload.Kind.STATEFUL_SET, 3, 3, true);
    return pages(ring());
  }

  private Map<String, String> pages() {
    return pages(stack());
  }

  private Map<String, String> pages(Stack stack) {
    UnreadableVault vault =
        new UnreadableVault(new ChrysalisException(VaultErrors.BAD_LOCATION, "gone", "mount it"));
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

  private static Stack ring() {
    return StackFile.parse(
        "stack.yaml",
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/platform}
        vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
        services:
          perception: {needs: [cassandra]}
        datastores:
          cassandra: {kind: cassandra}
        """);
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
          nexus: {needs: [perception]}
          perception: {needs: [postgres]}
        datastores:
          postgres:
            kind: postgresql
            clients: [{service: perception, variable: POSTGRES_HOST}]
        """);
  }
}
