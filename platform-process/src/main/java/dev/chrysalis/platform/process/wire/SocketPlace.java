package dev.chrysalis.platform.process.wire;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// Where the supervisor of a state directory listens: `supervisor.sock` in it. A socket's path may
/// have 108 bytes at most; where that is not enough, it lies in a private directory under
/// `java.io.tmpdir` with a random name. Either way `supervisor.address` in the state directory says
/// where.
public final class SocketPlace {
  private static final int LONGEST = 100;
  private static final String SOCKET = "supervisor.sock";
  private static final String FALLBACK = "chrysalis-";

  private final Path stateDirectory;

  public SocketPlace(Path stateDirectory) {
    this.stateDirectory = stateDirectory.toAbsolutePath();
  }

  /// The file that says where the socket is.
  public Path addressFile() {
    return stateDirectory.resolve("supervisor.address");
  }

  /// Where the last supervisor said that it listens, or empty where there was none.
  public Optional<UnixDomainSocketAddress> find() throws IOException {
    if (!Files.exists(addressFile())) {
      return Optional.empty();
    }
    String path = Files.readString(addressFile(), StandardCharsets.UTF_8).strip();
    return path.isEmpty() ? Optional.empty() : Optional.of(UnixDomainSocketAddress.of(path));
  }

  /// Chooses a place for a new supervisor and removes the last one's. Only the holder of the
  /// directory's lock may call it.
  public UnixDomainSocketAddress choose() throws IOException {
    remove();
    Path socket = stateDirectory.resolve(SOCKET);
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
      return UnixDomainSocketAddress.of(socket);
    }
    Path directory =
        Files.createTempDirectory(
            FALLBACK,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return UnixDomainSocketAddress.of(directory.resolve(SOCKET));
  }

  /// Removes what the last supervisor left.
  private void remove() throws IOException {
    Optional<UnixDomainSocketAddress> last = find();
    if (last.isPresent()) {
      remove(last.get());
    }
    Files.deleteIfExists(stateDirectory.resolve(SOCKET));
  }

  /// Removes a socket, the directory that was made for it, and what points to it.
  public void remove(UnixDomainSocketAddress address) throws IOException {
    Path socket = address.getPath();
    Files.deleteIfExists(socket);
    Path directory = socket.resolveSibling("");
    if (!directory.equals(stateDirectory) && directory.toString().contains(FALLBACK)) {
      Files.deleteIfExists(directory);
    }
    Files.deleteIfExists(addressFile());
  }
}
