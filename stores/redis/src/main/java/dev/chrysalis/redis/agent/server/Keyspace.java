package dev.chrysalis.redis.agent.server;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `INFO keyspace` says. Pure.
public final class Keyspace {
  private static final Pattern KEYS = Pattern.compile("keys=(\\d+).*");

  private Keyspace() {}

  /// How many keys there are, all databases together.
  public static long keys(Map<String, String> info) {
    return info.entrySet().stream()
        .filter(e -> e.getKey().matches("db\\d+"))
        .map(e -> KEYS.matcher(e.getValue()))
        .filter(Matcher::matches)
        .mapToLong(m -> Long.parseLong(m.group(1)))
        .sum();
  }
}
