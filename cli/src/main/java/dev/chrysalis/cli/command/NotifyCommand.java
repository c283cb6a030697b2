package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.NoticeChannel;
import dev.chrysalis.model.stack.NoticeState;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.recovery.notice.Channels;
import dev.chrysalis.recovery.notice.RunNotices;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "notify",
    description = {
      "Shows who is told about runs; with --test sends each channel one message; with a RUN that is",
      "over tells whoever was not reached of it."
    })
public final class NotifyCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  @Option(names = "--test", description = "send one test message to each channel")
  private boolean test;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "a run that is over, of which not everybody was told")
  private @Nullable String run;

  public NotifyCommand(PrintStream out) {
    this.out = out;
  }

  /// A channel as the stack file declares it.
  record Declared(String channel, String kind, List<String> states) {}

  /// What became of telling what was left of a run.
  record Left(String run, int toTell, List<String> notTold) {}

  /// Without a run it needs only the stack file: also while vault and platform are away.
  @Override
  public Integer call() {
    String ended = run;
    if (ended != null) {
      try (Site site = options.open()) {
        return tellLeft(site, ended);
      }
    }
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

  private int tellLeft(Site site, String ended) {
    String stack = site.stack().name();
    RunState state = site.recovery().runs().load(stack, ended).state();
    if (!state.isOver()) {
      throw new ChrysalisException(
          CliErrors.RUN_NOT_OVER,
          "run " + ended + " is not over: " + state.status(),
          "who drives it tells of it: chrysalis resume " + ended);
    }
    RunNotices notices = site.recovery().notices();
    int count = notices.tellLeft(stack, ended);
    RunNotices.Remainder rest = notices.finish(PATIENCE);
    List<String> not =
        Stream.concat(
                rest.lost().stream().map(d -> d.channel() + ": " + d.result()),
                rest.troubles().stream())
            .toList();
    String text =
        count == 0
            ? "Everybody had been told of run " + ended + "."
            : count + " messages of run " + ended + " were left to be told.";
    output.print(
        out,
        new Left(ended, count, not),
        not.isEmpty() ? text : text + "\nnot told: " + String.join("\nnot told: ", not));
    return not.isEmpty() ? 0 : Category.VERIFICATION.exitCode();
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
