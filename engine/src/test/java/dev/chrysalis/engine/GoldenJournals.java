package dev.chrysalis.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Journals that earlier versions wrote: `v1-NAME.STATUS.jsonl`, one record a line. They are never
/// recorded anew; a later version of the format adds its own.
final class GoldenJournals {
  /// Set to a directory to record the scenarios' journals there.
  private static final String RECORD = "chrysalis.record.journals";

  private static final Path KEPT = Path.of("src/test/resources/journals");

  private GoldenJournals() {}

  static List<Path> all() {
    try (Stream<Path> files = Files.list(KEPT)) {
      return files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The status that the run had when it was recorded.
  static RunStatus status(Path file) {
    String[] parts = file.getFileName().toString().split("\\.", -1);
    return RunStatus.valueOf(parts[1].toUpperCase(Locale.ROOT));
  }

  static void recordIfAsked(String name, Stage stage) {
    String directory = System.getProperty(RECORD, "");
    if (directory.isEmpty()) {
      return;
    }
    write(Path.of(directory), name, stage.runs().load(Stage.STACK, stage.run()).records());
  }

  private static void write(Path directory, String name, List<JournalRecord> records) {
    String status = RunState.of(records).status().toString().toLowerCase(Locale.ROOT);
    StringBuilder text = new StringBuilder();
    records.forEach(r -> text.append(new String(JournalCodec.encode(r), StandardCharsets.UTF_8)));
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("v1-" + name + "." + status + ".jsonl"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
