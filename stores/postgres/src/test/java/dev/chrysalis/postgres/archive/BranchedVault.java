package dev.chrysalis.postgres.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/// A vault with WAL and snapshots of clusters whose timelines part, each made at the time that a
/// test says.
public final class BranchedVault {
  public static final String STORE = "postgres";
  public static final int SEGMENT = 1 << 20;

  private static final int FORK = 0x80;

  private final MemoryBackend backend = new MemoryBackend();
  private final Time time;
  private final VaultRepository vault;

  public BranchedVault(Instant begin) {
    time = new Time(begin);
    vault =
        VaultRepository.create(
            backend,
            Passphrase.of("pupa".toCharArray()),
            new SecureRandom(),
            time,
            VaultOptions.defaults(),
            10);
  }

  public MemoryBackend backend() {
    return backend;
  }

  public VaultRepository vault() {
    return vault;
  }

  public Clock clock() {
    return time;
  }

  public BranchedVault at(Instant moment) {
    time.now = moment;
    return this;
  }

  /// Seals a segment of a timeline.
  public BranchedVault seal(long system, int timeline, int segment) {
    Object _ =
        vault
            .log(new LogName(STORE, "%d/%08x".formatted(system, timeline)))
            .append(
                (long) segment * SEGMENT,
                (segment + 1L) * SEGMENT,
                ByteBuffer.allocate(10),
                Map.of("segment", Integer.toString(SEGMENT), "last", lsn(segment, 0xA0)));
    return this;
  }

  /// Says that a timeline left others, each in the middle of a segment: `1 in 25, 2 in 30`.
  public BranchedVault fork(long system, int timeline, String ancestors) {
    StringBuilder text = new StringBuilder();
    for (String each : ancestors.split(", ", -1)) {
      String[] words = each.split(" in ", -1);
      text.append("%s\t%s\tx\n".formatted(words[0], fork(Integer.parseInt(words[1]))));
    }
    vault
        .records()
        .create(
            "postgres/%s/%d/history/%08x".formatted(STORE, system, timeline),
            text.toString().getBytes(UTF_8));
    return this;
  }

  /// Takes a snapshot within a segment of a timeline, of no file.
  public Snapshot backUp(long system, int timeline, int segment) {
    return backUp(system, timeline, segment, new byte[0]);
  }

  /// The same.
  ///
  /// @param content of its only file; none where that is empty
  public Snapshot backUp(long system, int timeline, int segment, byte[] content) {
    BackupFacts facts =
        new BackupFacts(
            Long.toString(system),
            timeline,
            start(segment),
            timeline,
            stop(segment),
            time.now,
            170000,
            SEGMENT,
            true,
            MemberId.parse("postgres-0"),
            ServerState.Role.PRIMARY,
            "label",
            Map.of(),
            Map.of(),
            0,
            List.of());
    try (SnapshotWriter writer = vault.beginSnapshot(STORE)) {
      if (content.length > 0) {
        List<Chunk> chunks = List.of(writer.store(ByteBuffer.wrap(content)));
        writer.add(
            new FileEntry("base", FileEntry.Kind.FILE, 0600, content.length, time.now, "", chunks));
      }
      return writer.commit(facts.toMap());
    }
  }

  /// Where the recovery of a snapshot of that segment begins.
  public static Lsn start(int segment) {
    return Lsn.parse(lsn(segment, 0x28));
  }

  /// From where on such a snapshot is consistent.
  public static Lsn stop(int segment) {
    return Lsn.parse(lsn(segment, 0x60));
  }

  /// Where a timeline leaves another one in that segment.
  public static Lsn fork(int segment) {
    return Lsn.parse(lsn(segment, FORK));
  }

  private static String lsn(int segment, int offset) {
    return "0/%X".formatted((long) segment * SEGMENT + offset);
  }

  private static final class Time extends Clock {
    private Instant now;

    Time(Instant begin) {
      now = begin;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("only UTC");
    }
  }
}
