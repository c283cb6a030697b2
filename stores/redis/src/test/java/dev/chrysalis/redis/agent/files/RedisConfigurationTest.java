package dev.chrysalis.redis.agent.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedisConfigurationTest {
  private static RedisConfiguration of(String text) {
    return RedisConfiguration.parse(text.getBytes(UTF_8), "redis.conf");
  }

  private static String text(RedisConfiguration configuration) {
    return new String(configuration.toBytes(), UTF_8);
  }

  private static void assertRefused(Runnable what, String... said) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(RedisErrors.BAD_SETTING))
        .hasMessageContainingAll(said);
  }

  @Test
  void ofSeveralLinesTheLastCountsAndNamesAreNotCaseSensitive() {
    RedisConfiguration configuration =
        of("# a comment\nappendonly no\n  AppendOnly   yes  \nport 6379\n");

    assertThat(configuration.value("appendonly", "no")).isEqualTo("yes");
    assertThat(configuration.value("dbfilename", "dump.rdb")).isEqualTo("dump.rdb");
  }

  @Test
  void wordsAreQuotedAsTheServerQuotesThem() {
    RedisConfiguration configuration =
        of("dbfilename \"a b\\x2e\\\"rdb\"\nlogfile 'it\\'s'\ndir \"/d\\n\\q\"\npidfile \"\"\n");

    assertThat(configuration.optional("dbfilename")).contains("a b.\"rdb");
    assertThat(configuration.optional("logfile")).contains("it's");
    assertThat(configuration.optional("dir")).contains("/d\nq");
    assertThat(configuration.optional("pidfile")).contains("");
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    String value = "schön \"quoted\" \\ \t new\nline";

    RedisConfiguration written = of("").with("dbfilename", value).with("save", "");

    assertThat(of(text(written)).optional("dbfilename")).contains(value);
    assertThat(text(written)).endsWith("save \"\"\n");
  }

  @Test
  void onlyWhatIsAskedForChangesByteForByte() {
    byte[] before =
        "# caf\u00e9\nrequirepass caf\u00e9\n\nappendonly no\nport 1\n".getBytes(ISO_8859_1);

    byte[] after =
        RedisConfiguration.parse(before, "redis.conf").with("appendonly", "yes").toBytes();

    assertThat(new String(after, ISO_8859_1))
        .isEqualTo("# caf\u00e9\nrequirepass caf\u00e9\n\nappendonly yes\nport 1\n");
  }

  @Test
  void aLineThatNoServerReadsIsNamedAndNotShown() {
    assertRefused(() -> of("port 1\nrequirepass \"caterpillar\n"), "line 2 of redis.conf");
    assertThatThrownBy(() -> of("requirepass \"caterpillar\"x\n"))
        .hasMessageNotContaining("caterpillar");
  }

  @Test
  void aMasterFollowsNobodyAndAReplicaOneOnly() {
    RedisConfiguration old = of("slaveof a 1\nport 7\nreplicaof b 2\n# end\n");

    assertThat(old.role()).isEqualTo(new RedisConfiguration.Role.Follows("b", 2));
    assertThat(text(old.lead())).isEqualTo("port 7\n# end\n");
    assertThat(old.lead().role()).isEqualTo(new RedisConfiguration.Role.Leads());
    assertThat(text(old.follow("c", 3))).isEqualTo("port 7\n# end\nreplicaof c 3\n");
    assertThat(of("replicaof no one\n").role()).isEqualTo(new RedisConfiguration.Role.Leads());
    assertRefused(() -> old.follow("a b", 3), "not an address");
  }

  @Test
  void anIncludedFileIsRefusedWhereItMattersAndOverruledWhereSomethingIsWritten() {
    RedisConfiguration before = of("include common.conf\nappendonly yes\n");
    RedisConfiguration behind = of("appendonly yes\ninclude common.conf\n");

    assertThat(before.value("appendonly", "no")).isEqualTo("yes");
    assertRefused(() -> behind.value("appendonly", "no"), "in line 2", "another appendonly");
    assertRefused(() -> before.value("dbfilename", "dump.rdb"), "in line 1");
    assertThat(text(behind.with("appendonly", "no")))
        .isEqualTo("include common.conf\nappendonly no\n");
    assertThat(text(before.lead())).endsWith("replicaof no one\n");
  }

  @Test
  void aSentinelForgetsWhatItLearntAndKeepsItsSettings() {
    RedisConfiguration sentinel =
        of(
            """
            port 26379
            sentinel monitor mymaster 127.0.0.1 6379 2
            sentinel auth-pass mymaster caterpillar
            sentinel down-after-milliseconds mymaster 1000
            sentinel config-epoch mymaster 4
            sentinel leader-epoch mymaster 4
            sentinel known-replica mymaster 127.0.0.2 6379
            sentinel known-sentinel mymaster 127.0.0.3 26379 abc
            sentinel known-replica other 127.0.0.9 6379
            sentinel current-epoch 4
            sentinel myid abc
            """);

    assertThat(text(sentinel.watch("mymaster", "10.0.0.1", 6380)))
        .isEqualTo(
            """
            port 26379
            sentinel monitor mymaster 10.0.0.1 6380 2
            sentinel auth-pass mymaster caterpillar
            sentinel down-after-milliseconds mymaster 1000
            sentinel known-replica other 127.0.0.9 6379
            sentinel myid abc
            """);
    assertRefused(() -> sentinel.watch("nobody", "10.0.0.1", 1), "sentinel monitor nobody");
  }

  @Test
  void anEmptyFileSaysNothing() {
    assertThat(of("").optional("port")).isEqualTo(Optional.empty());
    assertThat(of("").role()).isEqualTo(new RedisConfiguration.Role.Leads());
  }
}
