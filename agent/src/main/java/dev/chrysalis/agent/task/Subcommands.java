package dev.chrysalis.agent.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;

/// The commands below another one, by name. Only the one that is called for is made: making all of
/// them would take longer than most of them run, and an agent is started for each question.
public final class Subcommands {
  private final Map<String, Function<List<String>, Object>> makers = new LinkedHashMap<>();

  /// Adds a command; `maker` gives an object that picocli knows how to read, or a `CommandLine`.
  public Subcommands add(String name, Supplier<?> maker) {
    makers.put(name, _ -> maker.get());
    return this;
  }

  /// Adds a command that has commands below it; `maker` gets the words behind the name.
  public Subcommands addGroup(String name, Function<List<String>, CommandLine> maker) {
    makers.put(name, maker::apply);
    return this;
  }

  /// The command with that one below it which the words name first, or with all where they name
  /// none: then they ask for help, or are wrong.
  public CommandLine under(Object command, List<String> words) {
    CommandLine line = new CommandLine(command);
    String first = words.isEmpty() ? "" : words.getFirst();
    Function<List<String>, Object> called = makers.get(first);
    if (called != null) {
      return line.addSubcommand(first, called.apply(words.subList(1, words.size())));
    }
    makers.forEach((name, maker) -> line.addSubcommand(name, maker.apply(List.of())));
    return line;
  }
}
