package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// A loopback network that belongs to one lab, `127.x.y.0/24`, so that labs run side by side on the
/// standard ports. A claim is a file in a folder that all labs of the machine share, created
/// exclusively under the network's name and holding the lab's folder; it lasts until `release`,
/// whatever becomes of the process that made it. A network where somebody listens already is passed
/// over. Claims of labs that vanished are not taken over, since two takers could not be told apart:
/// there are 64000 networks.
///
/// @param prefix `127.x.y`
public record LabNetwork(String prefix) {
  private static final String CLAIM = "chrysalis-net-";
  private static final int FIRST = 2 * 256;
  private static final int NETWORKS = 253 * 256;
  private static final int HOSTS_PROBED = 96;

  /// Claims a free network for the lab in that folder.
  ///
  /// @param ports where the lab's members are going to listen
  public static LabNetwork claim(Path claims, Path lab, List<Integer> ports) {
    int start = Math.floorMod(lab.toString().hashCode(), NETWORKS);
    for (int turn = 0; turn < NETWORKS; turn++) {
      int number = FIRST + (start + turn) % NETWORKS;
      LabNetwork network = new LabNetwork("127." + number / 256 + "." + number % 256);
      if (network.claimed(claims, lab, ports)) {
        return network;
      }
    }
    throw new ChrysalisException(
        LabErrors.NO_NETWORK,
        "no loopback network 127.x.y.0/24 is free",
        "remove the files " + claims.resolve(CLAIM) + "* of labs that are no more");
  }

  /// Gives back all that the lab in that folder claimed; nothing claimed is no error.
  public static void release(Path claims, Path lab) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(claims, CLAIM + "*")) {
      for (Path claim : all) {
        if (holder(claim).filter(lab.toString()::equals).isPresent()) {
          Files.deleteIfExists(claim);
        }
      }
    } catch (IOException e) {
      throw unusable(claims, e);
    }
  }

  private boolean claimed(Path claims, Path lab, List<Integer> ports) {
    Path claim = claims.resolve(CLAIM + prefix);
    try {
      if (Files.exists(claim) || !silent(ports)) {
        return false;
      }
      Files.writeString(
          claim, lab.toString(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw unusable(claims, e);
    }
  }

  private boolean silent(List<Integer> ports) throws IOException {
    for (int host = 1; host <= HOSTS_PROBED; host++) {
      for (int port : ports) {
        if (!canBind(InetAddress.getByName(prefix + "." + host), port)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean canBind(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<String> holder(Path claim) {
    try {
      return Optional.of(Files.readString(claim));
    } catch (IOException e) {
      // Gone meanwhile, or another user's: not this lab's claim.
      return Optional.empty();
    }
  }

  private static ChrysalisException unusable(Path claims, IOException cause) {
    return new ChrysalisException(
        LabErrors.NO_NETWORK,
        "networks cannot be claimed in " + claims,
        "make the folder writable, or choose another with -Djava.io.tmpdir",
        cause);
  }
}
