package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The file that makes a folder a lab's. It is there before anything else is and goes last, so that
/// whatever a crash leaves behind is still recognised as a lab's; its content is the lab's network,
/// once that was claimed, and on a second line the lab's services.
record LabMarker(LabLayout layout) {
  /// Makes the folder a lab's. Refused where it is one already, holds something else, or lies in
  /// another lab's folder, with which it would be removed.
  void plant() throws IOException {
    Path root = layout.root();
    if (isPlanted()) {
      throw new ChrysalisException(
          LabErrors.ALREADY_UP,
          "there is a lab in " + root + " already",
          "use it (chrysalis lab status), or remove it first (chrysalis lab down)");
    }
    if (Files.exists(root) && !empty(root)) {
      throw foreign();
    }
    refuseWithinALab();
    Files.createDirectories(root.getParent());
    if (!Files.exists(root)) {
      Files.createDirectory(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.createFile(layout.marker());
  }

  private void refuseWithinALab() {
    Path name = layout.marker().getFileName();
    for (Path at = layout.root().getParent(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(name))) {
        throw new ChrysalisException(
            LabErrors.NOT_A_LAB,
            layout.root() + " lies within the lab in " + at,
            "choose another folder with --dir");
      }
    }
  }

  /// Removes the folder with all in it, the marker last.
  void uproot() throws IOException {
    try (Stream<Path> entries = Files.list(layout.root())) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        if (!entry.equals(layout.marker())) {
          FileTree.remove(entry);
        }
      }
    }
    FileTree.remove(layout.root());
  }

  boolean isPlanted() {
    return Files.isRegularFile(layout.marker());
  }

  /// Remembers what the lab is.
  void note(LabNetwork network, LabServices services) throws IOException {
    Path fresh = layout.marker().resolveSibling(layout.marker().getFileName() + ".new");
    Files.writeString(fresh, network.prefix() + "\n" + services + "\n");
    Files.move(fresh, layout.marker(), StandardCopyOption.ATOMIC_MOVE);
  }

  /// The lab's network; empty where the lab was not made whole.
  Optional<LabNetwork> network() {
    return lines().stream().findFirst().map(LabNetwork::new);
  }

  /// The lab's services. A lab that does not say has perception alone, as all once had.
  LabServices services() {
    return lines().stream()
        .skip(1)
        .findFirst()
        .map(LabServices::parse)
        .orElse(LabServices.PERCEPTION_ALONE);
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(layout.marker());
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new ChrysalisException(
          LabErrors.FILES,
          "the lab's " + layout.marker() + " cannot be read",
          "use the lab as the user that made it",
          e);
    }
  }

  ChrysalisException foreign() {
    return new ChrysalisException(
        LabErrors.NOT_A_LAB,
        layout.root() + " is not a lab's folder and not empty",
        "choose another folder with --dir");
  }

  static boolean empty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
