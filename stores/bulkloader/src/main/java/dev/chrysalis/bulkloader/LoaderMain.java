package dev.chrysalis.bulkloader;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The program: reads one request a line and answers each, until its input ends. Whoever asks it
/// for something and dies ends it.
public final class LoaderMain {
  private final Answers answers;
  private @Nullable Loader loader;

  private LoaderMain(Answers answers) {
    this.answers = answers;
  }

  /// Its standard output carries answers only; what Cassandra logs goes to the other one.
  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err);
    LoaderMain main = new LoaderMain(new Answers(out));
    ExecutorService work = Executors.newSingleThreadExecutor();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String request = line;
        work.execute(() -> main.answer(request));
      }
    }
    // Whoever asked has gone, perhaps in the middle of a table: nothing of it may go on.
    System.exit(0);
  }

  private void answer(String line) {
    try {
      answers.answer(answerTo(Request.parse(line)));
    } catch (LoaderFailure e) {
      answers.failed(e);
    } catch (Throwable e) {
      // Cassandra's own failures of a disk are errors; after one nothing of it is to be relied on.
      e.printStackTrace();
      answers.failed(new LoaderFailure("the loader failed", e));
      Runtime.getRuntime().halt(1);
    }
  }

  private Map<String, ?> answerTo(Request request) {
    if (request instanceof Request.Begin begin) {
      loader = Loader.begin(begin, answers);
      return Map.of("begun", true);
    }
    Loader current = loader;
    if (current == null) {
      throw new LoaderFailure("begin first");
    }
    return current.answer(request);
  }
}
