package dev.chrysalis.agent.answer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A command that only looks, with the variables that it was given.
///
/// Both sides of a connection speak so (version 1), one question for each:
///
/// 1. The desk says `HELLO` at once. Who does not hear it soon goes away, and the desk is asked
///    nothing: one that is halted answers nothing when it wakes.
/// 2. The asker sends the question.
/// 3. The desk says `ALIVE` every second while it works; then `ANSWER` and all of it.
record Question(List<String> words, Map<String, String> variables) {
  static final byte HELLO = 1;
  static final byte ALIVE = 0;
  static final byte ANSWER = 2;

  private static final String SOCKET = "agent.sock";

  /// What fits into an address of the kernel's, with the zero at its end.
  private static final int LONGEST_PATH = 107;

  private static final int MOST = 10_000;
  private static final int LONGEST = 1 << 20;

  Question {
    words = List.copyOf(words);
    variables = Map.copyOf(variables);
  }

  /// Whether it changes nothing and is soon over: `postgres status`, `job state ID`.
  boolean onlyLooks() {
    return words.size() > 1
        && (words.get(1).equals("status")
            || (words.getFirst().equals("job") && words.get(1).equals("state")));
  }

  /// Where its desk would be; empty where there can be none.
  Optional<Path> desk() {
    String spool = variables.getOrDefault("CHRYSALIS_SPOOL", "");
    return spool.isBlank()
        ? Optional.empty()
        : Optional.of(Path.of(spool).toAbsolutePath().resolve(SOCKET))
            .filter(p -> p.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH);
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(words.size());
    for (String word : words) {
      text(out, word);
    }
    out.writeInt(variables.size());
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      text(out, variable.getKey());
      text(out, variable.getValue());
    }
  }

  static Question read(DataInput in) throws IOException {
    List<String> words = new ArrayList<>();
    for (int left = count(in, MOST); left > 0; left--) {
      words.add(text(in));
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (int left = count(in, MOST); left > 0; left--) {
      variables.put(text(in), text(in));
    }
    return new Question(words, variables);
  }

  static void text(DataOutput out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String text(DataInput in) throws IOException {
    byte[] bytes = new byte[count(in, LONGEST)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int count(DataInput in, int most) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > most) {
      throw new IOException("not a length: " + count);
    }
    return count;
  }
}
