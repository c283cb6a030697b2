package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.LeftOvers;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.redis.RedisErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Fills an empty volume with what a server is to load:
///
/// 1. everything that can refuse is asked before anything is touched (`VolumePreflight`);
/// 2. a mark with the job's name is laid down (`chrysalis-restore.json`), then a configuration with
///    which no server starts, and what a broken-off attempt of this job left is cleared;
/// 3. base and log are written under temporary names, then get their own (`VolumeWriter`), then the
///    ACL file;
/// 4. the configuration is written, as that of a master;
/// 5. the mark is renamed to `chrysalis-restored.json`.
///
/// Properties: between any two of these no server starts, whoever starts it: there is no
/// configuration that one takes. An empty server, which its replicas would follow, cannot come of
/// it. The same job begins again after a crash, any other is refused.
///
/// Errors: `SERVER_RUNNING`, `NOT_EMPTY`, `NO_ROOM`, `BAD_SETTING`, `NEWER_VERSION`, `RDB_DAMAGED`,
/// `VOLUME_FAILED`.
final class VolumeFill {
  private static final int FOLDER_MODE = 0700;

  private final RestoreTarget target;
  private final CopyProgress progress;

  VolumeFill(RestoreTarget target, CopyProgress progress) {
    this.target = target;
    this.progress = progress;
  }

  /// Fills it; whether anything had to be done. False where this job had done it before.
  boolean run(JobId job, RestoreContent content) {
    try {
      RestoreMark mark = mark(job, content);
      Optional<RedisConfiguration> there = target.configuration().readIfThere();
      VolumePreflight.Start start = new VolumePreflight(target, mark).check(content.bytes(), there);
      if (start == VolumePreflight.Start.ENDED) {
        return false;
      }
      RedisConfiguration configuration =
          there.or(() -> fallback(content)).orElseGet(() -> target.configuration().read());
      new VolumeSettings(configuration, target.data()).requireDir();
      fill(content, mark, configuration);
      return true;
    } catch (IOException | UncheckedIOException e) {
      throw RedisErrors.VOLUME.of(
          "cannot restore into",
          target.data(),
          e,
          "look at the volume and at the agent's rights on it");
    }
  }

  private Optional<RedisConfiguration> fallback(RestoreContent content) {
    Optional<RedisConfiguration> moved = content.fallback().map(it -> it.movedTo(target.data()));
    if (moved.isPresent()) {
      progress.note(
          "there is neither a configuration nor a template of it: the backup's is taken, without"
              + " the addresses in it (port, bind, replica-announce-…); write those of this"
              + " member");
    }
    return moved;
  }

  private static RestoreMark mark(JobId job, RestoreContent content) throws IOException {
    RestoreMark mark = RestoreMark.ofThisBoot(job.value(), content.mark());
    return content.at().map(mark::at).orElse(mark);
  }

  private void fill(RestoreContent content, RestoreMark mark, RedisConfiguration configuration)
      throws IOException {
    Path data = target.data();
    VolumeLayout layout = VolumeLayout.of(configuration, target.server(), content);
    RedisConfiguration leading = configuration(configuration, layout);
    Optional<Path> acl = aclFile(configuration, content);
    PrivateFiles files = begin(mark);
    new VolumeWriter(files, content, target, progress).write(layout);
    if (acl.isPresent()) {
      files.replace(acl.get(), content.acl().orElseThrow());
    }
    PrivateFiles.sync(data);
    PrivateFiles.sync(PrivateFiles.parent(data));
    target.configuration().release(leading);
    files.rename(data.resolve(RestoreMark.BEGUN), data.resolve(RestoreMark.ENDED));
  }

  private PrivateFiles begin(RestoreMark mark) throws IOException {
    Path data = target.data();
    PrivateFiles files = PrivateFiles.likeNearest(data);
    if (!Files.exists(data)) {
      files.directories(data, FOLDER_MODE);
    }
    files.replace(data.resolve(RestoreMark.BEGUN), mark.toJson());
    target.configuration().guard();
    clear();
    return files;
  }

  /// Removes what a broken-off attempt left in a volume that was empty when it began.
  private void clear() throws IOException {
    List<Path> left;
    try (Stream<Path> entries = Files.list(target.data())) {
      left = entries.filter(entry -> VolumePreflight.counts(target, entry)).toList();
    }
    for (Path entry : left) {
      if (entry.endsWith(RestoreMark.BEGUN)) {
        continue;
      }
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        Files.walkFileTree(entry, new LeftOvers(entry));
      }
      Files.delete(entry);
    }
  }

  private RedisConfiguration configuration(RedisConfiguration found, VolumeLayout layout) {
    RedisConfiguration leading = found.lead();
    if (layout.appendOnly() && !found.value("appendonly", "no").equalsIgnoreCase("yes")) {
      progress.note(
          "the configuration has the append-only file off, and the commands behind the base are"
              + " only loaded with it on: it is on in what was written");
      return leading.with("appendonly", "yes");
    }
    return leading;
  }

  /// Where the ACL file goes; empty where there is none, or the configuration names none here.
  private Optional<Path> aclFile(RedisConfiguration configuration, RestoreContent content)
      throws IOException {
    Optional<Path> named = new VolumeSettings(configuration, target.data()).aclFile();
    if (named.isEmpty()) {
      if (content.acl().isPresent()) {
        progress.note(
            "the backup's ACL file is not put back: the configuration names none on this volume");
      }
      return Optional.empty();
    }
    Path file = named.get();
    if (content.acl().isEmpty()) {
      throw VolumeSettings.noAclFile(file);
    }
    Path folder = VolumeSettings.real(PrivateFiles.parent(file));
    if (!folder.equals(VolumeSettings.real(target.data()))) {
      throw new ChrysalisException(
          RedisErrors.BAD_SETTING,
          "the configuration's aclfile lies in a folder below dir",
          "name a file in dir itself, or outside the volume");
    }
    return named;
  }
}
