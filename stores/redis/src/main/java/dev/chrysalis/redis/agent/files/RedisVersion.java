package dev.chrysalis.redis.agent.files;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A release of Redis as far as its files depend on it: `7.0`.
public record RedisVersion(int major, int minor) implements Comparable<RedisVersion> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(\\..*)?");

  /// From which release on the append-only file is several, listed in a manifest.
  private static final int MANIFEST = 7;

  /// Reads `7.0.15`; empty where a text is none.
  public static Optional<RedisVersion> of(String text) {
    Matcher m = FORM.matcher(text);
    return m.matches()
        ? Optional.of(new RedisVersion(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2))))
        : Optional.empty();
  }

  /// Whether it keeps a manifest of append-only files.
  public boolean keepsManifest() {
    return major >= MANIFEST;
  }

  @Override
  public int compareTo(RedisVersion other) {
    return Comparator.comparingInt(RedisVersion::major)
        .thenComparingInt(RedisVersion::minor)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
