package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.redis.RedisErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What can refuse a restore, asked before anything is touched: a server that runs, a volume that
/// holds something else, too little room.
final class VolumePreflight {
  private static final long RESERVE_BYTES = 32L << 20;
  private static final int NAMED = 5;

  private final RestoreTarget target;
  private final RestoreMark mark;

  VolumePreflight(RestoreTarget target, RestoreMark mark) {
    this.target = target;
    this.mark = mark;
  }

  /// How a restore begins.
  enum Start {
    /// In an empty volume.
    FRESH,
    /// Over what the same job left, which is cleared.
    AGAIN,
    /// The job has ended before, at the same moment of the same base.
    ENDED
  }

  Start check(long bytes, Optional<RedisConfiguration> configuration) throws IOException {
    Path data = target.data();
    RunningServer.refuse(data, target.address(), configuration);
    if (!Files.exists(data)) {
      requireRoom(PrivateFiles.parent(data), bytes);
      return Start.FRESH;
    }
    if (!Files.isDirectory(data)) {
      throw holds("something that is no directory");
    }
    Optional<RestoreMark> ended = ours(RestoreMark.ENDED);
    if (ended.isPresent()) {
      requireSameMoment(ended.get());
      return Start.ENDED;
    }
    if (ours(RestoreMark.BEGUN).isPresent()) {
      requireRoom(data, bytes - bytesThere());
      return Start.AGAIN;
    }
    requireEmpty();
    requireRoom(data, bytes);
    return Start.FRESH;
  }

  private Optional<RestoreMark> ours(String name) throws IOException {
    return RestoreMark.read(target.data(), name)
        .filter(other -> other.isOf(mark.job(), mark.snapshot()));
  }

  /// By hand all restores have one name, and one base leads to many moments.
  private void requireSameMoment(RestoreMark ended) {
    if (!ended.at().equals(mark.at())) {
      throw holds(
          "what job %s restored: %s as of %s"
              .formatted(
                  ended.job(),
                  ended.snapshot(),
                  ended.at().map(Instant::toString).orElse("(not known)")));
    }
  }

  private void requireEmpty() throws IOException {
    Optional<RestoreMark> begun = RestoreMark.read(target.data(), RestoreMark.BEGUN);
    if (begun.isPresent()) {
      throw holds("what job " + begun.get().job() + " left, half restored");
    }
    List<String> there;
    try (Stream<Path> entries = Files.list(target.data())) {
      there =
          entries
              .filter(entry -> counts(target, entry))
              .map(p -> p.getFileName().toString())
              .sorted()
              .toList();
    }
    if (!there.isEmpty()) {
      String more = there.size() > NAMED ? " and %d more".formatted(there.size() - NAMED) : "";
      throw holds(String.join(", ", there.subList(0, Math.min(NAMED, there.size()))) + more);
    }
  }

  /// A configuration holds no data.
  static boolean counts(RestoreTarget target, Path entry) {
    String name = entry.getFileName().toString();
    String configuration = target.configuration().file().getFileName().toString();
    return !List.of("lost+found", RestoreMark.BEING_WRITTEN, configuration).contains(name)
        && !name.startsWith(configuration + ".chrysalis-");
  }

  private ChrysalisException holds(String what) {
    return new ChrysalisException(
        RedisErrors.NOT_EMPTY,
        target.data() + " holds " + what,
        "a restore overwrites nothing: set it aside first");
  }

  private void requireRoom(Path place, long bytes) throws IOException {
    Path there = place;
    while (!Files.exists(there)) {
      there = PrivateFiles.parent(there);
    }
    long wanted = bytes + RESERVE_BYTES;
    long free = Files.getFileStore(there).getUsableSpace();
    if (free < wanted) {
      throw new ChrysalisException(
          RedisErrors.NO_ROOM,
          "%s has %d MiB free, the restore needs %d MiB".formatted(there, free >> 20, wanted >> 20),
          "nothing was touched; make room or give the member a larger volume");
    }
  }

  /// What an earlier attempt has written is cleared, and takes no further room.
  private long bytesThere() throws IOException {
    try (Stream<Path> all = Files.walk(target.data())) {
      long bytes = 0;
      for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        bytes += Files.size(path);
      }
      return bytes;
    }
  }
}
