package dev.chrysalis.lab;

import java.io.IOException;
import java.nio.file.Path;
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

  /// Gives a folder with all in it to that user.
  void own(Path folder) throws IOException {
    if (uid.isPresent()) {
      FileTree.own(folder, uid.get());
    }
  }
}
