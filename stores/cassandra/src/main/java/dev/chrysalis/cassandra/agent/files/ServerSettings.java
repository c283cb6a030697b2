package dev.chrysalis.cassandra.agent.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server's `cassandra.yaml`, read only.
///
/// @param configuration the folder that holds it
/// @param content all of it
public record ServerSettings(Path configuration, ObjectNode content) {
  private static final String FILE = "cassandra.yaml";
  private static final Pattern PERIOD = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /// Reads it. `BAD_SETTING` where it is none, `VOLUME_FAILED` where it cannot be read.
  public static ServerSettings read(Path configuration) {
    Path file = configuration.resolve(FILE);
    try {
      if (YAML.readTree(Files.readString(file)) instanceof ObjectNode settings) {
        return new ServerSettings(configuration, settings);
      }
      throw unusable(file + " is no configuration of Cassandra");
    } catch (JsonProcessingException e) {
      throw unusable(file + " is no YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot read", file, e, "let the agent read the folder that CASSANDRA_CONF names");
    }
  }

  /// Those that a node asks for its ring.
  public List<String> seeds() {
    List<String> all = new ArrayList<>();
    for (ObjectNode named : namingSeeds()) {
      Arrays.stream(named.path("seeds").asText().split(",", -1))
          .map(String::strip)
          .filter(seed -> !seed.isEmpty())
          .forEach(all::add);
    }
    return List.copyOf(all);
  }

  /// Those of them that are not the node itself.
  ///
  /// @param own addresses of the node
  public List<String> otherSeeds(List<String> own) {
    return seeds().stream()
        .filter(seed -> own.stream().noneMatch(address -> isSame(seed, address)))
        .toList();
  }

  /// Whether the server makes a snapshot of a table that it truncates.
  public boolean snapshotsTruncated() {
    return content.path("auto_snapshot").asBoolean(true);
  }

  /// How much later than acknowledged the server may sync a write to its log. Zero where it
  /// acknowledges none before; empty where it is not told in a way that is known.
  public Optional<Duration> syncPeriod() {
    if (!content.path("commitlog_sync").asText("periodic").equals("periodic")) {
      return Optional.of(Duration.ZERO);
    }
    // Up to 4.0 the unit was in the name.
    String text =
        content.hasNonNull("commitlog_sync_period")
            ? content.path("commitlog_sync_period").asText()
            : content.path("commitlog_sync_period_in_ms").asText("10000") + "ms";
    Matcher period = PERIOD.matcher(text.strip());
    if (!period.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(period.group(1));
    return Optional.of(
        switch (period.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        });
  }

  /// The files that still hold what was written for one start of the server.
  public List<String> leftOvers() {
    List<String> left = new ArrayList<>();
    if (ReplaySettings.isApplied(configuration)) {
      left.add("commitlog_archiving.properties");
    }
    if (new StartOptions(configuration).has("-D")) {
      left.add("jvm-server.options");
    }
    return List.copyOf(left);
  }

  /// The same settings for a node that is no seed of itself and copies its data from others, as
  /// YAML. `BAD_SETTING` where no other seed is left.
  ///
  /// @param otherwise the seeds where the list names nobody else
  String joining(List<String> own, List<String> otherwise) {
    List<String> others = otherSeeds(own).isEmpty() ? otherwise : otherSeeds(own);
    if (others.isEmpty()) {
      throw unusable("the node's list of seeds names nobody else: " + seeds());
    }
    ServerSettings copy = new ServerSettings(configuration, content.deepCopy());
    copy.content.put("auto_bootstrap", true);
    copy.namingSeeds().forEach(named -> named.put("seeds", String.join(",", others)));
    try {
      return YAML.writeValueAsString(copy.content);
    } catch (JsonProcessingException e) {
      throw unusable(configuration.resolve(FILE) + " cannot be copied: " + e.getOriginalMessage());
    }
  }

  /// Who may read it: there may be passwords in it.
  int mode() {
    Path file = configuration.resolve(FILE);
    try {
      return (int) Files.getAttribute(file, "unix:mode") & 0777;
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot read", file, e, "let the agent read the folder that CASSANDRA_CONF names");
    }
  }

  private List<ObjectNode> namingSeeds() {
    List<ObjectNode> naming = new ArrayList<>();
    for (JsonNode provider : content.path("seed_provider")) {
      for (JsonNode parameters : provider.path("parameters")) {
        if (parameters instanceof ObjectNode named && named.hasNonNull("seeds")) {
          naming.add(named);
        }
      }
    }
    return naming;
  }

  private static boolean isSame(String seed, String own) {
    if (seed.equalsIgnoreCase(own)) {
      return true;
    }
    try {
      return InetAddress.getByName(hostOf(seed)).equals(InetAddress.getByName(own));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /// A seed may be named with its port.
  private static String hostOf(String seed) {
    return seed.matches("[^:]+:[0-9]+") ? seed.substring(0, seed.indexOf(':')) : seed;
  }

  private static ChrysalisException unusable(String what) {
    return new ChrysalisException(
        CassandraErrors.BAD_SETTING,
        what,
        "a node that takes another's place needs a seed that is not itself, in the cassandra.yaml"
            + " of the folder that CASSANDRA_CONF names");
  }
}
