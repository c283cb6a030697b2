package dev.chrysalis.vault;

import java.util.regex.Pattern;

/// The name of a log: a store and a stream of it, `postgres` and `7412345678901234567/00000001`.
public record LogName(String store, String stream) implements Comparable<LogName> {
  private static final Pattern STORE = Pattern.compile("[a-z0-9._-]+");
  private static final Pattern STREAM = Pattern.compile("[a-z0-9_-]+(/[a-z0-9_-]+)*");

  public LogName {
    if (!STORE.matcher(store).matches() || !STREAM.matcher(stream).matches()) {
      throw new IllegalArgumentException("not a log's name: " + store + " " + stream);
    }
  }

  @Override
  public int compareTo(LogName other) {
    int byStore = store.compareTo(other.store);
    return byStore != 0 ? byStore : stream.compareTo(other.stream);
  }
}
