package dev.chrysalis.cli;

import dev.chrysalis.lab.LabLayout;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which stack a command is about: `--stack FILE`, else the variable `CHRYSALIS_STACK`, else
/// `stack.yaml` here, else this user's lab.
public final class SiteOptions {
  @Option(
      names = "--stack",
      paramLabel = "FILE",
      description = "the stack file (default: $CHRYSALIS_STACK, ./stack.yaml, or the lab's)")
  private @Nullable Path file;

  /// Reads the stack file and opens what it names.
  public Site open() {
    return Site.open(stack());
  }

  /// The same where it is only looked at: a vault that cannot be opened is no error yet.
  public Site look() {
    return Site.look(stack());
  }

  public Stack stack() {
    return StackFile.load(file());
  }

  public Path file() {
    Path given = file;
    if (given != null) {
      return given;
    }
    String fromEnvironment = System.getenv("CHRYSALIS_STACK");
    if (fromEnvironment != null && !fromEnvironment.isEmpty()) {
      return Path.of(fromEnvironment);
    }
    List<Path> usual = List.of(Path.of("stack.yaml").toAbsolutePath(), labStack());
    Optional<Path> found =
        Stream.of(usual).flatMap(List::stream).filter(Files::isRegularFile).findFirst();
    return found.orElseThrow(() ->
        new ChrysalisException(
            CliErrors.NO_STACK_FILE,
            "no stack file: looked at " + usual.getFirst() + " and " + usual.getLast(),
            "name it with --stack FILE, or make a lab to play with: chrysalis lab up"));
  }

  private static Path labStack() {
    return LabLayout.choose(
            Optional.empty(),
            System.getenv(),
            System.getProperty("user.name"),
            Path.of(System.getProperty("user.home")))
        .stackFile();
  }
}
