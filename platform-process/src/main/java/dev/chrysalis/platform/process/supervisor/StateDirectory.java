package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.model.MemberId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// What lies where in the state directory.
///
/// ```
/// identity.json           the random name that marks this directory's processes
/// token.json              the highest token seen
/// workloads/NAME.json     specification, revisions, what is wanted, fences
/// members/MEMBER.json     processes; MEMBER.volume.json: its volume and asides
/// events.jsonl            the newest events
/// logs/MEMBER/            CONTAINER.log, CONTAINER.previous.log
/// scratch/MEMBER/         working directory
/// volumes/MEMBER/  asides/MEMBER/NAME/  trash/
/// supervisor.lock  supervisor.address  supervisor.sock  supervisor.log
/// ```
///
/// @param identity names the directory in the environment of its processes
record StateDirectory(Path root, String identity) {
  private record Identity(String id) {}

  /// Opens the directory, which exists, and makes what is missing in it.
  static StateDirectory open(Path given, Random random) throws IOException {
    Path root = given.toRealPath();
    for (String name :
        List.of("workloads", "members", "logs", "scratch", "volumes", "asides", "trash")) {
      DurableFile.makeDirectory(root.resolve(name));
    }
    Path file = root.resolve("identity.json");
    var identity = DurableFile.read(file, Identity.class);
    if (identity.isPresent()) {
      return new StateDirectory(root, identity.get().id());
    }
    byte[] id = new byte[6];
    random.nextBytes(id);
    var fresh = new Identity(HexFormat.of().formatHex(id));
    DurableFile.write(file, fresh);
    return new StateDirectory(root, fresh.id());
  }

  Path identityFile() {
    return root.resolve("identity.json");
  }

  Path tokenFile() {
    return root.resolve("token.json");
  }

  Path eventsFile() {
    return root.resolve("events.jsonl");
  }

  Path workloadFile(String workload) {
    return root.resolve("workloads").resolve(workload + ".json");
  }

  List<Path> workloadFiles() throws IOException {
    var files = new ArrayList<Path>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(root.resolve("workloads"), "*.json")) {
      all.forEach(files::add);
    }
    return files;
  }

  Path memberFile(MemberId member) {
    return root.resolve("members").resolve(member + ".json");
  }

  Path volumeFile(MemberId member) {
    return root.resolve("members").resolve(member + ".volume.json");
  }

  Path logs(MemberId member) {
    return root.resolve("logs").resolve(member.toString());
  }

  Path scratch(MemberId member) {
    return root.resolve("scratch").resolve(member.toString());
  }

  Path volume(MemberId member) {
    return root.resolve("volumes").resolve(member.toString());
  }

  Path asides(MemberId member) {
    return root.resolve("asides").resolve(member.toString());
  }

  Path trash() {
    return root.resolve("trash");
  }

  /// Whether the directory is still the one that was opened.
  boolean isThere() {
    return Files.exists(identityFile());
  }
}
