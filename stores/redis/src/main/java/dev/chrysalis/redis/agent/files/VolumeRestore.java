package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.redis.archive.LogStretch;
import dev.chrysalis.redis.archive.RestoreChoice;
import dev.chrysalis.redis.archive.RestoreChoice.Stretch;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Restores a base, and the stretch of the log behind it, into an empty volume (`VolumeFill`), so
/// that a server that starts on it is a master with exactly what was there at that moment.
///
/// Errors: those of `VolumeFill`, `VaultErrors.SNAPSHOT_INCOMPLETE`, and the vault's.
public final class VolumeRestore {
  private static final String CONFIGURATION = "redis.conf";
  private static final String ACL = "users.acl";
  private static final long MAX_SMALL = 16L << 20;

  private final Vault vault;
  private final CopyProgress progress;

  public VolumeRestore(Vault vault, CopyProgress progress) {
    this.vault = vault;
    this.progress = progress;
  }

  /// What was restored.
  ///
  /// @param bytes of the base and the log
  /// @param keys of the base; -1 where that is not known
  /// @param at the moment that was reached
  /// @param before whether this job had restored it before, and nothing was to be done
  public record Restored(long bytes, long keys, Instant at, boolean before) {}

  /// Runs a restore to its end.
  ///
  /// @param job the job that does it; the same name may begin again after a crash
  /// @param store the store's name in the vault
  public Restored run(JobId job, String store, RestoreChoice choice, RestoreTarget target) {
    try (SnapshotReader reader = vault.openSnapshot(store, choice.snapshot())) {
      requireFits(choice, target);
      requirePacks(reader);
      RestoreContent content = content(choice, reader);
      boolean done = new VolumeFill(target, progress).run(job, content);
      return new Restored(content.bytes(), choice.base().keys(), choice.at(), !done);
    }
  }

  /// Commands of a newer release may be unknown to an older one, which then does not start. An RDB
  /// says itself which releases read it.
  private static void requireFits(RestoreChoice choice, RestoreTarget target) {
    Optional<RedisVersion> writer = RedisVersion.of(choice.base().version());
    boolean commands =
        choice.base().format() == BaseFacts.Format.AOF
            || choice.log().filter(stretch -> stretch.to() > stretch.from()).isPresent();
    boolean older =
        target.server().isPresent()
            && writer.filter(w -> w.compareTo(target.server().get()) > 0).isPresent();
    if (commands && older) {
      throw new ChrysalisException(
          RedisErrors.NEWER_VERSION,
          "the base is of Redis %s, and the server that is to load it is %s"
              .formatted(writer.orElseThrow(), target.server().orElseThrow()),
          "nothing was touched; restore with a server as new as the one that wrote it");
    }
  }

  private static void requirePacks(SnapshotReader reader) {
    List<String> missing = reader.missingPacks();
    if (!missing.isEmpty()) {
      throw new ChrysalisException(
          VaultErrors.SNAPSHOT_INCOMPLETE,
          "snapshot %s lacks %d packs, the first %s"
              .formatted(reader.snapshot().id(), missing.size(), missing.getFirst()),
          "nothing was touched; restore the vault's objects or choose another snapshot");
    }
  }

  private RestoreContent content(RestoreChoice choice, SnapshotReader reader) {
    Map<String, FileEntry> files = new HashMap<>();
    try (Stream<FileEntry> entries = reader.entries()) {
      entries
          .filter(entry -> entry.kind() == FileEntry.Kind.FILE)
          .forEach(entry -> files.put(entry.path(), entry));
    }
    FileEntry base = files.get(BaseFacts.FILE);
    if (base == null) {
      throw new ChrysalisException(
          RedisErrors.NO_RESTORE_POINT,
          "snapshot %s holds no base of Redis".formatted(choice.snapshot()),
          "nothing was touched; choose another snapshot: chrysalis restore-points");
    }
    long logBytes = choice.log().map(stretch -> stretch.to() - stretch.from()).orElse(0L);
    return new RestoreContent(
        choice.snapshot().value(),
        "the base of snapshot " + choice.snapshot(),
        choice.base().format(),
        base.size(),
        () -> new BaseStream(reader, base),
        logBytes,
        () -> log(choice.log()),
        small(reader, files.get(ACL)),
        small(reader, files.get(CONFIGURATION))
            .map(bytes -> RedisConfiguration.parse(bytes, "the backup's " + CONFIGURATION)),
        Optional.of(choice.at()));
  }

  private InputStream log(Optional<Stretch> stretch) {
    return stretch
        .map(some -> LogStretch.open(vault, some))
        .orElseGet(InputStream::nullInputStream);
  }

  private static Optional<byte[]> small(
      SnapshotReader reader, @org.jspecify.annotations.Nullable FileEntry file) {
    if (file == null || file.size() > MAX_SMALL) {
      return Optional.empty();
    }
    try (InputStream in = new BaseStream(reader, file)) {
      return Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
