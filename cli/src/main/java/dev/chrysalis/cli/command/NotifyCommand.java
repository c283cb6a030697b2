package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeState;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.recovery.notice.Channels;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "notify",
    description = "Shows who is told about runs; with --test sends each channel one message.")
public final class NotifyCommand implements Callable<Integer> {
  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  @Option(names = "--test", description = "send one test message to each channel")
  private boolean test;

  public NotifyCommand(PrintStream out) {
    this.out = out;
  }

  /// A channel as the stack file declares it.
  record Declared(String channel, String kind, List<String> states) {}

  /// Needs only the stack file: also while vault and platform are away.
  @Override
  public Integer call() {
    Stack stack = options.stack();
    if (!test) {
      List<Declared> declared = stack.channels().stream().map(NotifyCommand::declared).toList();
      Columns columns = new Columns().row("CHANNEL", "KIND", "STATES");
      declared.forEach(d -> columns.row(d.channel(), d.kind(), String.join(", ", d.states())));
      output.print(out, declared, declared.isEmpty() ? none() : columns.toString());
      return 0;
    }
    List<Channels.Tested> tested;
    try (Channels channels = new Channels(stack.channels(), Clock.systemUTC())) {
      tested = channels.test(stack.name(), new SecureRandom());
    }
    Columns columns = new Columns();
    tested.forEach(t -> columns.row(t.delivered() ? "ok" : "FAULT", t.channel(), t.result()));
    output.print(out, tested, tested.isEmpty() ? none() : columns.toString());
    return tested.stream().allMatch(Channels.Tested::delivered)
        ? 0
        : Category.VERIFICATION.exitCode();
  }

  private static String none() {
    return "Nobody is told about runs: see notify in docs/stack-file.md.\n";
  }

  private static Declared declared(NoticeChannel channel) {
    String kind =
        switch (channel) {
          case NoticeChannel.Slack _ -> "slack";
          case NoticeChannel.Webhook _ -> "webhook";
          case NoticeChannel.PagerDuty _ -> "pagerduty";
          case NoticeChannel.Email _ -> "email";
        };
    return new Declared(
        channel.name(),
        kind,
        channel.about().states().stream()
            .sorted()
            .map(NoticeState::word)
            .collect(Collectors.toList()));
  }
}
