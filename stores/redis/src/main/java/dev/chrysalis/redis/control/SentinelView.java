package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// One Sentinel as seen from outside.
///
/// @param status the agent's answer (`SentinelStatus`), `agent.error` where no agent answered
public record SentinelView(Member observed, Map<String, String> status) {
  /// They greet each other every two seconds.
  private static final int FRESH_SECONDS = 20;

  public SentinelView {
    status = Map.copyOf(status);
  }

  public MemberId id() {
    return observed.id();
  }

  /// Whether it answers and knows the master's name.
  public boolean answers() {
    return "up".equals(status.get("sentinel"));
  }

  /// Whether it is certain that it does not run: silence of its agent is not.
  public boolean down() {
    return "down".equals(status.get("sentinel"));
  }

  /// Where it says that the master is.
  public Optional<Address> master() {
    return Address.parse(status.getOrDefault("master.address", ""));
  }

  /// Whether the master that it names is that server.
  public boolean names(MemberView server) {
    String port = master().map(m -> ":" + m.port()).orElse("");
    return Stream.concat(
            master().stream(),
            Arrays.stream(status.getOrDefault("master.addresses", "").split(",", -1))
                .flatMap(host -> Address.parse(host + port).stream()))
        .anyMatch(server::isAt);
  }

  /// Whether it holds the master for down, by itself or agreed with others.
  public boolean mastersDown() {
    return !"none".equals(status.getOrDefault("master.down", "none"));
  }

  /// Whether enough Sentinels agree with it that the master is down.
  public boolean mastersDownAgreed() {
    return "objective".equals(status.get("master.down"));
  }

  /// Whether it sees enough others to fail over.
  public boolean canFailOver() {
    return answers() && "ok".equals(status.get("ckquorum"));
  }

  /// Whether it says that it sees too few others. That it may not be asked is no word on that.
  public boolean lacksQuorum() {
    return answers() && whyBlind().startsWith("NOQUORUM");
  }

  /// Why it cannot fail over, in its own words.
  public String whyBlind() {
    return status.getOrDefault("ckquorum", "it does not say");
  }

  /// Whether it was started so lately that it may not have met the others yet. One that does not
  /// say counts as settled.
  public boolean justStarted() {
    String seconds = status.getOrDefault("uptimeSeconds", "");
    return seconds.matches("\\d{1,9}") && Integer.parseInt(seconds) < FRESH_SECONDS;
  }

  /// How many Sentinels have to agree that the master is down; empty where it does not say.
  public OptionalInt quorum() {
    String quorum = status.getOrDefault("quorum", "");
    return quorum.matches("\\d{1,9}")
        ? OptionalInt.of(Integer.parseInt(quorum))
        : OptionalInt.empty();
  }

  /// Whether a failover goes on by its hand.
  public boolean failsOver() {
    return !"none".equals(status.getOrDefault("failover.state", "none"));
  }

  /// How long it takes at most to see that the master is down and to fail over; empty where it does
  /// not say.
  public Optional<Duration> failsOverWithin() {
    String seen = status.getOrDefault("downAfterMillis", "");
    String done = status.getOrDefault("failoverTimeoutMillis", "");
    return seen.matches("\\d{1,12}") && done.matches("\\d{1,12}")
        ? Optional.of(Duration.ofMillis(Long.parseLong(seen) + Long.parseLong(done)))
        : Optional.empty();
  }

  /// Why nothing is known of it.
  public String whyUnknown() {
    return Stream.of("agent.error", "sentinel.error")
        .flatMap(key -> Optional.ofNullable(status.get(key)).stream())
        .findFirst()
        .orElse("no word from it");
  }
}
