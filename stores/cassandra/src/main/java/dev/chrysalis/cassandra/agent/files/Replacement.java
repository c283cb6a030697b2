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
import java.util.stream.Stream;

/// Makes the next start of a node on empty folders the replacement of a node that is gone: it takes
/// that one's tokens and copies their data from the other replicas (`replace_address_first_boot`).
///
/// 1. A copy of `cassandra.yaml` is written beside it, in which the node is no seed of itself, for
///    a seed copies nothing, and in which `auto_bootstrap` is on.
/// 2. `jvm-server.options`, which Cassandra's own start script reads, gets lines at its end: the
///    address to replace, and the copy as the configuration.
///
/// Both hold until they are taken away again, which is due once the node has joined; a later start
/// of it does not mind the address, and still no seed of itself. Nothing of the files themselves is
/// changed. See `StorageService.prepareForReplacement` in Cassandra.
///
/// @param configuration the folder of the server's configuration
public record Replacement(Path configuration) {
  private static final String COPY = "cassandra-chrysalis-start.yaml";
  private static final String OPTIONS = "jvm-server.options";
  private static final String BEGIN = "# Written by Chrysalis for one start of the server: begin";
  private static final String END = "# Written by Chrysalis for one start of the server: end";
  private static final Pattern OURS =
      Pattern.compile("(?ms)^" + Pattern.quote(BEGIN) + "$.*?^" + Pattern.quote(END) + "$\\R?");
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");
  private static final int FILE_MODE = 0644;

  /// Makes the next start a replacement. May be repeated, also with another address.
  ///
  /// @param replaced the address of the node that is gone, as the ring knows it
  /// @param own addresses of this node, as the list of seeds may name it
  /// @param seeds whom to ask where the list of seeds names nobody else
  public void apply(String replaced, List<String> own, List<String> seeds) {
    for (String address : Stream.concat(Stream.of(replaced), seeds.stream()).toList()) {
      if (!ADDRESS.matcher(address).matches()) {
        throw new IllegalArgumentException("not an address: " + address);
      }
    }
    Path options = configuration.resolve(OPTIONS);
    Path copy = configuration.resolve(COPY);
    try {
      PrivateFiles files = PrivateFiles.like(configuration);
      ServerSettings settings = ServerSettings.read(configuration);
      files.replace(
          copy, settings.joining(own, seeds).getBytes(StandardCharsets.UTF_8), settings.mode());
      String before = without(options);
      String text =
          before
              + (before.isEmpty() || before.endsWith("\n") ? "" : "\n")
              + BEGIN
              + "\n-Dcassandra.replace_address_first_boot=%s\n-Dcassandra.config=%s\n"
                  .formatted(replaced, copy.toAbsolutePath().toUri())
              + END
              + "\n";
      files.replace(options, text.getBytes(StandardCharsets.UTF_8), FILE_MODE);
    } catch (IOException e) {
      throw failed(options, e);
    }
  }

  /// Takes away what was written. May be repeated.
  public void remove() {
    Path options = configuration.resolve(OPTIONS);
    try {
      String without = without(options);
      if (Files.exists(options) && !Files.readString(options).equals(without)) {
        PrivateFiles.like(configuration)
            .replace(options, without.getBytes(StandardCharsets.UTF_8), FILE_MODE);
      }
      Files.deleteIfExists(configuration.resolve(COPY));
    } catch (IOException e) {
      throw failed(options, e);
    }
  }

  /// Whether the next start of the server is a replacement.
  public boolean isApplied() {
    Path options = configuration.resolve(OPTIONS);
    try {
      return Files.exists(options) && OURS.matcher(Files.readString(options)).find();
    } catch (IOException e) {
      throw failed(options, e);
    }
  }

  private static String without(Path options) throws IOException {
    return Files.exists(options) ? OURS.matcher(Files.readString(options)).replaceAll("") : "";
  }

  private static ChrysalisException failed(Path file, IOException e) {
    return CassandraErrors.VOLUME.of(
        "cannot change", file, e, "let the agent write into the folder that CASSANDRA_CONF names");
  }
}
