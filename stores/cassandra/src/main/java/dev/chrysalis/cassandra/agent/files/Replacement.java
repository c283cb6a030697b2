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
/// 2. The start gets two options (`StartOptions`): the address to replace, and the copy as the
///    configuration.
///
/// Both hold until they are taken away again, which is due once the node has joined; a later start
/// of it does not mind the address, and still no seed of itself. Nothing of the files themselves is
/// changed. See `StorageService.prepareForReplacement` in Cassandra.
///
/// @param configuration the folder of the server's configuration
public record Replacement(Path configuration) {
  private static final String COPY = "cassandra-chrysalis-start.yaml";
  private static final String PLACE = "cassandra.replace_address_first_boot";
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");

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
    Path copy = configuration.resolve(COPY);
    try {
      PrivateFiles files = PrivateFiles.like(configuration);
      ServerSettings settings = ServerSettings.read(configuration);
      files.replace(
          copy, settings.joining(own, seeds).getBytes(StandardCharsets.UTF_8), settings.mode());
    } catch (IOException e) {
      throw failed(copy, e);
    }
    new StartOptions(configuration)
        .apply(
            List.of(
                "-D" + PLACE + "=" + replaced,
                "-Dcassandra.config=" + copy.toAbsolutePath().toUri()));
  }

  /// Takes away what was written. May be repeated.
  public void remove() {
    new StartOptions(configuration).remove();
    Path copy = configuration.resolve(COPY);
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      throw failed(copy, e);
    }
  }

  /// Whether the next start of the server is a replacement.
  public boolean isApplied() {
    return new StartOptions(configuration).has(PLACE);
  }

  private static ChrysalisException failed(Path file, IOException e) {
    return CassandraErrors.VOLUME.of(
        "cannot change", file, e, "let the agent write into the folder that CASSANDRA_CONF names");
  }
}
