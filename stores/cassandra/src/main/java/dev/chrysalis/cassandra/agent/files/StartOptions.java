package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Lines at the end of `jvm-server.options`, which Cassandra's own start script reads, for one
/// start of the server: they stay until they are taken away. Nothing else of the file is changed.
///
/// @param configuration the folder of the server's configuration
record StartOptions(Path configuration) {
  private static final String BEGIN = "# Written by Chrysalis for one start of the server: begin";
  private static final String END = "# Written by Chrysalis for one start of the server: end";
  private static final Pattern OURS =
      Pattern.compile("(?ms)^" + Pattern.quote(BEGIN) + "$.*?^" + Pattern.quote(END) + "$\\R?");
  private static final int FILE_MODE = 0644;

  /// Writes these lines, in place of any that were written before.
  void apply(List<String> lines) {
    try {
      String before = without();
      String text =
          before
              + (before.isEmpty() || before.endsWith("\n") ? "" : "\n")
              + BEGIN
              + "\n"
              + String.join("\n", lines)
              + "\n"
              + END
              + "\n";
      replace(text);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Takes away what was written. May be repeated.
  void remove() {
    try {
      String without = without();
      if (Files.exists(file()) && !Files.readString(file()).equals(without)) {
        replace(without);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Whether a line was written that has this in it.
  boolean has(String text) {
    try {
      return Files.exists(file())
          && OURS.matcher(Files.readString(file()))
              .results()
              .anyMatch(m -> m.group().contains(text));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void replace(String text) throws IOException {
    PrivateFiles.like(configuration)
        .replace(file(), text.getBytes(StandardCharsets.UTF_8), FILE_MODE);
  }

  private String without() throws IOException {
    return Files.exists(file()) ? OURS.matcher(Files.readString(file())).replaceAll("") : "";
  }

  private Path file() {
    return configuration.resolve("jvm-server.options");
  }

  private ChrysalisException failed(IOException e) {
    return CassandraErrors.VOLUME.of(
        "cannot change",
        file(),
        e,
        "let the agent write into the folder that CASSANDRA_CONF names");
  }
}
