package dev.chrysalis.model.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoticeChannelTest {
  private static final String STACK =
      """
      version: 1
      stack: butterfly
      platform: {kind: process, directory: /srv/platform}
      vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
      notify:
      """;

  @Test
  void readsEveryKindWithItsDefaults() {
    List<NoticeChannel> channels =
        channels(
            """
            - {name: incidents, kind: slack, urlFile: /etc/slack, states: [started, recovered]}
            - {name: bus, kind: webhook, url: "https://bus.example.org/in", secretFile: /etc/key}
            - {name: duty, kind: pagerduty, secretFile: /etc/routing-key}
            - {name: team, kind: email, host: mail.example.org, from: c@example.org,
               to: [a@example.org, b@example.org], user: c, passwordFile: /etc/mail}
            """);

    assertThat(channels)
        .extracting(NoticeChannel::name)
        .containsExactly("incidents", "bus", "duty", "team");
    assertThat(channels.getFirst().about().states())
        .containsExactlyInAnyOrder(NoticeState.STARTED, NoticeState.RECOVERED);
    assertThat(channels.get(1).about().states()).hasSize(NoticeState.values().length);
    assertThat(channels.get(2))
        .isInstanceOfSatisfying(
            NoticeChannel.PagerDuty.class,
            p -> assertThat(p.keyFile()).isEqualTo(Path.of("/etc/routing-key")));
    assertThat(channels.get(3))
        .isInstanceOfSatisfying(
            NoticeChannel.Email.class,
            e -> {
              assertThat(e.security()).isEqualTo(NoticeChannel.Security.STARTTLS);
              assertThat(e.port()).isEqualTo(587);
              assertThat(e.to()).hasSize(2);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{name: a, kind: carrier-pigeon} | must be slack, webhook, email or pagerduty",
        "{name: a, kind: slack, url: 'https://x.example.org'} | lacks the key 'urlFile'",
        "{name: A, kind: slack, urlFile: /f} | must be a plain name",
        "{name: a, kind: slack, urlFile: f} | must be an absolute path",
        "{name: a, kind: slack, urlFile: /f, states: [broken]} | names the state 'broken'; there are started, waiting",
        "{name: a, kind: slack, urlFile: /f, states: []} | names no state",
        "{name: a, kind: slack, urlFile: /f, text: '${ran}'} | unknown placeholder ${ran}; known are run, stack",
        "{name: a, kind: slack, urlFile: /f, text: '${run'} | that no } closes",
        "{name: a, kind: webhook, url: 'https://u:p@x.example.org/'} | with a user or a query it is a secret",
        "{name: a, kind: webhook, url: 'https://x.example.org/?token=1'} | with a user or a query it is a secret",
        "{name: a, kind: webhook, url: 'https://x.example.org/', urlFile: /f} | stands beside url",
        "{name: a, kind: webhook} | lacks the key 'url'",
        "{name: a, kind: email, host: h, from: c, to: [a@b.c]} | must be a mail address",
        "{name: a, kind: email, host: h, from: c@d.e, to: []} | names no recipient",
        "{name: a, kind: email, host: h, from: c@d.e, to: [a@b.c], security: none, user: u, passwordFile: /p} | would send a password that anybody on the way can read",
        "{name: a, kind: email, host: h, from: c@d.e, to: [a@b.c], secretFile: /p} | is no key here",
      })
  void refusesWhatCannotWork(String channel, String why) {
    assertThatThrownBy(() -> channels("- " + channel))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("stack.yaml line")
        .hasMessageContaining(why);
  }

  @Test
  void refusesTwoOfOneName() {
    assertThatThrownBy(() ->
            channels(
                """
                - {name: a, kind: slack, urlFile: /f}
                - {name: a, kind: slack, urlFile: /g}
                """))
        .hasMessageContaining("two entries named a");
  }

  @Test
  void fillsPlaceholdersAndReadsNoneInWhatIsFilledIn() {
    NoticeTemplate template = new NoticeTemplate("${stack} costs $5: ${detail} (${loss})");

    assertThat(template.fill(Map.of("stack", "s", "detail", "${run} \\ $1")))
        .isEqualTo("s costs $5: ${run} \\ $1 ()");
  }

  private static List<NoticeChannel> channels(String list) {
    return StackFile.parse("stack.yaml", STACK + list.indent(2)).channels();
  }
}
