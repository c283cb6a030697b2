package dev.chrysalis.redis.agent.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What a redis.conf or a sentinel.conf says. All lines and comments are kept as they are, byte for
/// byte; a change makes a new configuration with only what was asked for changed. Of several lines
/// of one directive the last counts, as it does for the server.
///
/// Properties: no message holds any of its values, since passwords are among them. Where a line
/// `include` may say something else than what is asked for, that is refused.
public final class RedisConfiguration {
  private static final int MAX_PORT = 65535;

  private final List<ConfigurationLine> lines;

  private RedisConfiguration(List<ConfigurationLine> lines) {
    this.lines = List.copyOf(lines);
  }

  /// Whom a server's configuration makes it follow.
  public sealed interface Role {
    /// Nobody: it takes writes.
    record Leads() implements Role {}

    /// A replica.
    record Follows(String host, int port) implements Role {}
  }

  /// Reads a file's content.
  ///
  /// @param name what to call it in a message
  public static RedisConfiguration parse(byte[] content, String name) {
    List<ConfigurationLine> lines = new ArrayList<>();
    String text = new String(content, ISO_8859_1);
    for (String raw : text.lines().toList()) {
      int number = lines.size() + 1;
      lines.add(
          ConfigurationLine.read(raw)
              .orElseThrow(() ->
                  new ChrysalisException(
                      RedisErrors.BAD_SETTING,
                      "line %d of %s has a quote that does not end".formatted(number, name),
                      "no server would start with it either: correct the line")));
    }
    return new RedisConfiguration(lines);
  }

  /// The file's content.
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ConfigurationLine line : lines) {
      bytes.writeBytes(line.bytes());
      bytes.write('\n');
    }
    return bytes.toByteArray();
  }

  /// The one word behind a directive, or what the server takes where there is none. `BAD_SETTING`
  /// where an `include` may say something else.
  public String value(String name, String otherwise) {
    Optional<String> value = optional(name);
    return value.orElse(otherwise);
  }

  /// The one word behind a directive.
  public Optional<String> optional(String name) {
    int last = last(line -> line.says(name));
    int included = last(line -> line.says("include"));
    if (included > last) {
      throw new ChrysalisException(
          RedisErrors.BAD_SETTING,
          "the configuration includes another file in line %d, which may say another %s"
              .formatted(included + 1, name),
          "write %s behind that line, or its content in place of it".formatted(name));
    }
    return last < 0 || lines.get(last).words().size() < 2
        ? Optional.empty()
        : Optional.of(lines.get(last).words().get(1));
  }

  /// The one word behind a directive; empty, too, where an `include` may say something else.
  Optional<String> certain(String name) {
    return last(line -> line.says("include")) > last(line -> line.says(name))
        ? Optional.empty()
        : optional(name);
  }

  /// For another machine: with its `dir`, and without the addresses of the one that it comes from.
  RedisConfiguration movedTo(Path data) {
    return without(RedisConfiguration::isAddress).with("dir", data.toString());
  }

  /// With a directive that says this; it stands where its last line stood, or at the end.
  public RedisConfiguration with(String name, String... values) {
    List<String> words = new ArrayList<>(List.of(name));
    words.addAll(List.of(values));
    int last = last(line -> line.says(name));
    boolean overruled = last(line -> line.says("include")) > last;
    List<ConfigurationLine> changed = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).says(name)) {
        changed.add(lines.get(i));
      } else if (i == last && !overruled) {
        changed.add(ConfigurationLine.of(words));
      }
    }
    if (last < 0 || overruled) {
      changed.add(ConfigurationLine.of(words));
    }
    return new RedisConfiguration(changed);
  }

  /// Of a server that takes writes.
  public RedisConfiguration lead() {
    RedisConfiguration changed = without(RedisConfiguration::isRole);
    // An included file may make it follow somebody.
    return changed.last(line -> line.says("include")) < 0
        ? changed
        : changed.with("replicaof", "no", "one");
  }

  /// Of a replica.
  public RedisConfiguration follow(String host, int port) {
    requireAddress(host, port);
    return without(RedisConfiguration::isRole).with("replicaof", host, Integer.toString(port));
  }

  /// What it makes of the server.
  public Role role() {
    int last = last(RedisConfiguration::isRole);
    List<String> words = last < 0 ? List.of() : lines.get(last).words();
    if (words.size() != 3
        || (words.get(1).equalsIgnoreCase("no") && words.get(2).equalsIgnoreCase("one"))) {
      return new Role.Leads();
    }
    try {
      return new Role.Follows(words.get(1), Integer.parseInt(words.get(2)));
    } catch (NumberFormatException e) {
      throw new ChrysalisException(
          RedisErrors.BAD_SETTING,
          "line %d of the configuration names no port of a master".formatted(last + 1),
          "correct the line",
          e);
    }
  }

  /// Of a Sentinel that watches a master at this address, and has yet to learn of its replicas and
  /// of the other Sentinels. Quorum, passwords and time-outs stay.
  ///
  /// @param master what the Sentinels call it
  public RedisConfiguration watch(String master, String host, int port) {
    requireAddress(host, port);
    int monitor = last(line -> line.says("sentinel", "monitor", master));
    if (monitor < 0 || lines.get(monitor).words().size() != 6) {
      throw new ChrysalisException(
          RedisErrors.BAD_SETTING,
          "the configuration has no line sentinel monitor " + master,
          "correct the template of the Sentinels, or the name of the master: REDIS_MASTER_NAME");
    }
    String quorum = lines.get(monitor).words().get(5);
    List<ConfigurationLine> changed = new ArrayList<>(lines);
    changed.set(
        monitor,
        ConfigurationLine.of(
            List.of("sentinel", "monitor", master, host, Integer.toString(port), quorum)));
    return new RedisConfiguration(changed).without(line -> isLearnt(line, master));
  }

  /// Where a Sentinel looks for that master, `host:port`.
  public Optional<String> watched(String master) {
    int monitor = last(line -> line.says("sentinel", "monitor", master));
    List<String> words = monitor < 0 ? List.of() : lines.get(monitor).words();
    return words.size() == 6 ? Optional.of(words.get(3) + ":" + words.get(4)) : Optional.empty();
  }

  private static boolean isLearnt(ConfigurationLine line, String master) {
    return line.says("sentinel", "known-replica", master)
        || line.says("sentinel", "known-slave", master)
        || line.says("sentinel", "known-sentinel", master)
        || line.says("sentinel", "config-epoch", master)
        || line.says("sentinel", "leader-epoch", master)
        || line.says("sentinel", "current-epoch");
  }

  private static boolean isAddress(ConfigurationLine line) {
    String name = line.words().isEmpty() ? "" : line.words().getFirst();
    return name.equals("port")
        || name.equals("bind")
        || name.startsWith("replica-announce-")
        || name.startsWith("slave-announce-");
  }

  private static boolean isRole(ConfigurationLine line) {
    return line.says("replicaof") || line.says("slaveof");
  }

  private RedisConfiguration without(Predicate<ConfigurationLine> dropped) {
    return new RedisConfiguration(lines.stream().filter(dropped.negate()).toList());
  }

  private int last(Predicate<ConfigurationLine> wanted) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (wanted.test(lines.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static void requireAddress(String host, int port) {
    if (!host.matches("[A-Za-z0-9.:_-]+") || port < 1 || port > MAX_PORT) {
      throw new ChrysalisException(
          RedisErrors.BAD_SETTING,
          "not an address of a server: " + host + ":" + port,
          "give HOST:PORT");
    }
  }
}
