package dev.chrysalis.recovery.notice;

import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeState;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The channels that a stack file declares.
public final class Channels implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final WebPost web;
  private final List<Channel> all;
  private final Clock clock;

  public Channels(List<NoticeChannel> declared, Clock clock) {
    this(declared, clock, PATIENCE);
  }

  /// @param patience how long one attempt may take
  Channels(List<NoticeChannel> declared, Clock clock, Duration patience) {
    this.web = new WebPost(clock, patience);
    this.clock = clock;
    this.all =
        declared.stream()
            .map(c ->
                switch (c) {
                  case NoticeChannel.Slack s -> new SlackPost(s, web);
                  case NoticeChannel.Webhook w -> new WebhookPost(w, web, clock);
                  case NoticeChannel.PagerDuty p -> new PagerDutyPost(p, web);
                  case NoticeChannel.Email e -> new MailPost(e, patience, Optional.empty());
                })
            .map(Channel.class::cast)
            .toList();
  }

  List<Channel> all() {
    return all;
  }

  /// What became of a test message.
  public record Tested(String channel, boolean delivered, String result) {}

  /// Sends one test message to each channel, once.
  public List<Tested> test(String stack, RandomGenerator random) {
    String event = HexFormat.of().toHexDigits(random.nextLong());
    Notice notice =
        new Notice(
            "test-" + event, event, NoticeState.STARTED, clock.instant(), values(stack, event));
    return all.stream()
        .map(channel -> {
          Answer answer = Courier.guarded(() -> channel.test(notice));
          return new Tested(channel.name(), answer instanceof Answer.Delivered, answer.words());
        })
        .toList();
  }

  private Map<String, String> values(String stack, String event) {
    Map<String, String> values = new TreeMap<>();
    values.put("run", "test-" + event);
    values.put("stack", stack);
    values.put("scenario", "test");
    values.put("state", "test");
    values.put("summary", "A test of Chrysalis: nothing is wrong.");
    values.put("detail", "A test of Chrysalis: nothing is wrong.");
    values.put("loss", "nothing");
    values.put("elapsed", "0.0 s");
    values.put("expected", "0.0 s");
    values.put("objective", "0.0 s");
    values.put("at", clock.instant().toString());
    values.put("next", "nothing");
    return values;
  }

  @Override
  public void close() {
    web.close();
  }
}
