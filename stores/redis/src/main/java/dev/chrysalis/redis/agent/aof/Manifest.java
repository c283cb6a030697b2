package dev.chrysalis.redis.agent.aof;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The manifest of an append-only file of Redis 7: a base, and the increments that follow it.
///
/// @param increments in their order; the server writes to the last one
public record Manifest(Optional<Part> base, List<Part> increments) {
  private static final Pattern LINE =
      Pattern.compile(
          "file (\"(?:[^\"\\\\]|\\\\.)*\"|[^ \"]+) seq ([0-9]{1,18}) type ([bhi])( .*)?");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-fA-F]{2}|.)");

  public Manifest {
    increments = List.copyOf(increments);
  }

  /// A file of it.
  ///
  /// @param name plain: the file lies beside the manifest
  public record Part(String name, long sequence) {
    public Part {
      if (name.isEmpty()
          || name.contains("/")
          || name.equals(".")
          || name.equals("..")
          || name.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("not the name of a file beside the manifest");
      }
    }
  }

  /// Reads a manifest. `AOF_DAMAGED` where it is none, or names files elsewhere. Former files,
  /// which the server is about to delete, are left out.
  public static Manifest parse(String text) {
    List<Part> bases = new ArrayList<>();
    List<Part> increments = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Matcher m = LINE.matcher(line);
      if (!m.matches()) {
        throw damaged("a line of it is not understood");
      }
      Part part = part(m);
      switch (m.group(3)) {
        case "b" -> bases.add(part);
        case "i" -> increments.add(part);
        default -> {}
      }
    }
    return checked(bases, increments);
  }

  private static Manifest checked(List<Part> bases, List<Part> increments) {
    if (bases.size() > 1) {
      throw damaged("it names two bases");
    }
    for (int i = 1; i < increments.size(); i++) {
      if (increments.get(i).sequence() <= increments.get(i - 1).sequence()) {
        throw damaged("its increments are not in order");
      }
    }
    return new Manifest(bases.stream().findFirst(), increments);
  }

  private static Part part(Matcher line) {
    try {
      return new Part(unquoted(line.group(1)), Long.parseLong(line.group(2)));
    } catch (IllegalArgumentException e) {
      throw damaged("a file that it names does not lie beside it");
    }
  }

  private static String unquoted(String name) {
    if (!name.startsWith("\"")) {
      return name;
    }
    return ESCAPE
        .matcher(name.substring(1, name.length() - 1))
        .replaceAll(m -> Matcher.quoteReplacement(unescaped(m.group(1))));
  }

  private static String unescaped(String escape) {
    return switch (escape.charAt(0)) {
      case 'x' ->
          escape.length() == 3 ? "" + (char) Integer.parseInt(escape.substring(1), 16) : escape;
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'a' -> "\u0007";
      case 'b' -> "\b";
      default -> escape;
    };
  }

  private static ChrysalisException damaged(String what) {
    return new ChrysalisException(
        RedisErrors.AOF_DAMAGED,
        "the append-only file's manifest cannot be used: " + what,
        "see what the server says: redis-check-aof on the manifest");
  }
}
