package dev.chrysalis.cli.live;

import dev.chrysalis.engine.Ticker;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The terminal at which a person sits.
public final class Terminal {
  private static final int USUAL_HEIGHT = 24;

  private Terminal() {}

  /// The console, where a person reads and types.
  public static Optional<Console> console() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }

  /// A live view, where output goes to a terminal that can be drawn on.
  public static Optional<LiveView> view(PrintStream out, Map<String, String> environment) {
    String kind = environment.getOrDefault("TERM", "dumb");
    if (!out.equals(System.out) || console().isEmpty() || kind.equals("dumb")) {
      return Optional.empty();
    }
    Style style = Style.of(environment, out.charset());
    int height = height();
    return Optional.of(
        new LiveView(out, style, () -> height, InstantSource.system(), Ticker.system()));
  }

  /// How many lines the terminal has.
  private static int height() {
    ProcessBuilder stty =
        new ProcessBuilder("stty", "size")
            .redirectInput(new File("/dev/tty"))
            .redirectErrorStream(true);
    try {
      Process process = stty.start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() == 0) {
        int lines = Integer.parseInt(answer.strip().split(" ", 2)[0]);
        return lines > 0 ? lines : USUAL_HEIGHT;
      }
    } catch (IOException | NumberFormatException e) {
      // A terminal that does not tell its size is taken for an ordinary one.
      return USUAL_HEIGHT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return USUAL_HEIGHT;
  }
}
