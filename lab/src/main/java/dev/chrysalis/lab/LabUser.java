package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whom the lab's processes run as: PostgreSQL refuses root, so root's lab runs as nobody.
///
/// @param uid the unprivileged user to change to; empty where the lab's own user is unprivileged
public record LabUser(Optional<Integer> uid) {
  private static final int NOBODY = 65534;

  /// The user that fits this process's own.
  public static LabUser of(String processUser) {
    return new LabUser(processUser.equals("root") ? Optional.of(NOBODY) : Optional.empty());
  }

  /// The command, run as that user.
  List<String> command(List<String> command) {
    List<String> all = new ArrayList<>();
    uid.ifPresent(id ->
        all.addAll(List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--")));
    all.addAll(command);
    return List.copyOf(all);
  }

  /// Puts an empty volume where there is none, which that user may write to.
  void makeEmpty(Path volume) {
    try {
      // Owned before it is in its place: the platform may start the server as soon as it is there.
      Path fresh = volume.resolveSibling("." + volume.getFileName() + ".fresh");
      FileTree.remove(fresh);
      Files.createDirectory(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      own(fresh);
      Files.move(fresh, volume);
    } catch (IOException e) {
      throw new ChrysalisException(
          LabErrors.FAULT_FAILED,
          "no empty volume could take the place of " + volume,
          "inject faults as the user that made the lab",
          e);
    }
  }

  /// Gives a folder with all in it to that user.
  void own(Path folder) throws IOException {
    if (uid.isPresent()) {
      FileTree.own(folder, uid.get());
    }
  }
}
