package dev.chrysalis.recovery.aftermath;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.RecoveryErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A folder of runbooks. What stands in it and was not made here is never touched: files that were
/// say so in their first line.
public final class RunbookFolder {
  private static final String MARKER =
      "<!-- Made by chrysalis runbook --write. What is changed by hand here is lost. -->\n";
  private static final String ENDING = ".md";

  private final Path folder;

  public RunbookFolder(Path folder) {
    this.folder = folder;
  }

  /// How a file stands to what it should be.
  public enum Difference {
    MISSING,
    OUTDATED,
    /// Made here once, for something that is no runbook any more.
    LEFT_OVER,
    /// Has a runbook's name, and was not made here.
    FOREIGN
  }

  /// The files that are not as they should be, by name; the others are up to date.
  ///
  /// @param pages by the file's name, without the marker
  public Map<String, Difference> compare(Map<String, String> pages) {
    Map<String, Difference> differences = new TreeMap<>();
    pages.forEach((name, text) -> {
      Path file = folder.resolve(name);
      if (!Files.exists(file)) {
        differences.put(name, Difference.MISSING);
      } else if (!isOwn(file)) {
        differences.put(name, Difference.FOREIGN);
      } else if (!read(file).equals(MARKER + text)) {
        differences.put(name, Difference.OUTDATED);
      }
    });
    for (String name : names()) {
      if (!pages.containsKey(name) && isOwn(folder.resolve(name))) {
        differences.put(name, Difference.LEFT_OVER);
      }
    }
    return differences;
  }

  /// Brings the folder up to date; what was changed. Throws `RUNBOOK_FOREIGN`, and changes nothing,
  /// where a runbook's name is taken by a file that was not made here.
  public Map<String, Difference> write(Map<String, String> pages) {
    Map<String, Difference> differences = compare(pages);
    refuseForeign(differences);
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, Difference> e : differences.entrySet()) {
        Path file = folder.resolve(e.getKey());
        if (e.getValue() == Difference.LEFT_OVER) {
          Files.delete(file);
        } else {
          replace(file, MARKER + pages.get(e.getKey()));
        }
      }
    } catch (IOException e) {
      throw unusable("cannot write runbooks into " + folder, e);
    }
    return differences;
  }

  private void refuseForeign(Map<String, Difference> differences) {
    List<String> foreign = new ArrayList<>();
    differences.forEach((name, difference) -> {
      if (difference == Difference.FOREIGN) {
        foreign.add(name);
      }
    });
    if (!foreign.isEmpty()) {
      throw new ChrysalisException(
          RecoveryErrors.RUNBOOK_FOREIGN,
          "in " + folder + " are files that chrysalis did not make: " + String.join(", ", foreign),
          "nothing was written; move them away, or name another folder");
    }
  }

  private static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private List<String> names() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(ENDING)).toList();
    } catch (IOException e) {
      throw unusable("cannot list " + folder, e);
    }
  }

  private static boolean isOwn(Path file) {
    return Files.isRegularFile(file) && read(file).startsWith(MARKER);
  }

  private static String read(Path file) {
    try {
      // Foreign files may hold anything: what is no text is no marker either.
      return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unusable("cannot read " + file, e);
    }
  }

  private static ChrysalisException unusable(String what, IOException e) {
    return new ChrysalisException(
        RecoveryErrors.RUNBOOK_FOLDER, what, "name a folder of yours that can be written", e);
  }
}
