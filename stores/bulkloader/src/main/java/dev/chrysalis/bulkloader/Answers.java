package dev.chrysalis.bulkloader;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintStream;
import java.util.Map;

/// What the agent is told, one JSON object a line: any number of `progress`, then the answer, which
/// is an `error` where it failed. For several threads.
final class Answers {
  private final PrintStream out;

  Answers(PrintStream out) {
    this.out = out;
  }

  /// @param doing what: `merging`, `streaming`
  /// @param total 0 where it is not known
  void progress(String doing, long done, long total) {
    send(Map.of("progress", doing, "done", done, "total", total));
  }

  void answer(Map<String, ?> values) {
    send(values);
  }

  void failed(LoaderFailure failure) {
    send(
        Map.of(
            "error",
            String.valueOf(failure.getMessage()),
            "ofTheMachine",
            failure.isOfTheMachine()));
  }

  private synchronized void send(Map<String, ?> values) {
    try {
      out.println(Request.JSON.writeValueAsString(values));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
