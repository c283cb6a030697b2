package dev.chrysalis.vault.prune;

import static dev.chrysalis.vault.VaultFixture.SMALL;
import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Writers, prunes and a log's writer over one store, interleaved call by call as a seed says, with
/// kills, lost answers and calls that never came through. Whatever the order: every snapshot that
/// is visible reads back whole, and so does what is kept of the log; and after a last prune that
/// nobody disturbs nothing is left that nobody needs.
class PruneSimulationTest {
  private static final int SEEDS = 300;
  private static final LogName LOG = new LogName("postgres", "7/00000001");
  private static final Interleaving.Odds ODDS = new Interleaving.Odds(6, 4, 4);

  /// Sessions of the fixture began here; all that a seed begins is younger.
  private static final Instant DEAD_BEFORE = VaultFixture.NOW.minusSeconds(60);

  private final MemoryBackend beginning = beginning();

  private static Map<String, byte[]> files(long seed) {
    Random random = new Random(seed);
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      // Few contents, so that snapshots share chunks of each other's packs.
      int which = random.nextInt(6);
      files.put("shared-" + i, content(which, 700 + which));
    }
    files.put("own", noise(seed, 300));
    return files;
  }

  private static MemoryBackend beginning() {
    MemoryBackend backend = new MemoryBackend();
    try (VaultRepository vault = VaultFixture.create(backend)) {
      for (int i = 0; i < 3; i++) {
        VaultFixture.snapshot(vault, "postgres", files(i));
      }
      LogStream log = vault.log(LOG);
      for (int at = 100; at < 600; at += 100) {
        log.append(at, at + 100, ByteBuffer.wrap(noise(at, 100)), Map.of());
      }
    }
    return backend;
  }

  @Test
  void whateverTheOrderVisibleSnapshotsAreWholeAndInTheEndNothingElseIsLeft() {
    long steps = 0;
    Outcomes outcomes = new Outcomes();
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        steps += play(seed, outcomes);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    // The simulation is worth something only while all of this happens in it.
    assertThat(steps).isGreaterThan(SEEDS * 100L);
    assertThat(outcomes.committed).isGreaterThan(SEEDS / 2);
    assertThat(outcomes.abandoned).isGreaterThan(SEEDS / 50);
    assertThat(outcomes.pruned).isGreaterThan(SEEDS / 8);
  }

  private static final class Outcomes {
    int committed;
    int abandoned;
    int pruned;
  }

  private long play(int seed, Outcomes outcomes) {
    MemoryBackend store = beginning.copy();
    Random random = new Random(seed);
    Interleaving interleaving = new Interleaving(store, random, ODDS);
    int writers = 1 + random.nextInt(3);
    for (int i = 0; i < writers; i++) {
      long content = 1000L * seed + i;
      interleaving.actor("writer-" + i, backend -> write(backend, content, outcomes));
    }
    int prunes = 1 + random.nextInt(3);
    for (int i = 0; i < prunes; i++) {
      interleaving.actor("prune-" + i, new PruneTurns(seed + 31L * i, outcomes)::run);
    }
    interleaving.actor("log", PruneSimulationTest::append);
    interleaving.run();
    assertAllWhole(store);
    assertNothingElseIsLeft(store);
    return interleaving.steps();
  }

  private static VaultRepository open(ErasingBackend backend, Instant now, long seed) {
    return VaultRepository.open(
        backend,
        VaultFixture.passphrase(),
        new Seeded(seed),
        Clock.fixed(now, ZoneOffset.UTC),
        SMALL.withRequestsAtOnce(1));
  }

  private static void write(ErasingBackend backend, long content, Outcomes outcomes) {
    Instant now = VaultFixture.NOW.plusSeconds(content % 1000);
    try (Vault vault = open(backend, now, content);
        SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      files(content).forEach((path, bytes) -> VaultFixture.file(writer, path, bytes));
      writer.commit(Map.of("content", Long.toString(content)));
      outcomes.committed++;
    } catch (ChrysalisException e) {
      if (e.code().equals(VaultErrors.SESSION_ABANDONED)) {
        outcomes.abandoned++;
      }
      throw e;
    }
  }

  private static void append(ErasingBackend backend) {
    try (Vault vault = open(backend, VaultFixture.NOW, 1)) {
      LogStream log = vault.log(LOG);
      for (int at = 600; at < 900; at += 100) {
        log.append(at, at + 100, ByteBuffer.wrap(noise(at, 100)), Map.of());
      }
    }
  }

  /// Prunes again and again, as one that is killed and started again; sometimes it takes running
  /// sessions for dead.
  private record PruneTurns(long seed, Outcomes outcomes) {
    void run(ErasingBackend backend) {
      Random random = new Random(seed);
      for (int turn = 0; turn < 2; turn++) {
        try (VaultRepository vault = open(backend, VaultFixture.NOW, seed + turn)) {
          List<Snapshot> all = vault.snapshots("postgres");
          Set<SnapshotId> drop =
              all.stream()
                  .limit(Math.max(0, all.size() - 1))
                  .filter(s -> random.nextBoolean())
                  .map(Snapshot::id)
                  .collect(Collectors.toSet());
          Instant dead = random.nextInt(4) == 0 ? Instant.MAX : DEAD_BEFORE;
          Pruner pruner = vault.pruner(backend);
          PruneRequest request = new PruneRequest("postgres", drop, List.of(keep()), dead);
          PruneGuard guard = new PatientGuard();
          Pruned pruned = pruner.sweep(pruner.hide(request, guard), guard);
          outcomes.pruned += pruned.waitingFor() == 0 && pruned.packs() > 0 ? 1 : 0;
        }
      }
    }
  }

  private static LogKeep keep() {
    return new LogKeep(
        LOG, List.of(new LogExtent(210, 280), new LogExtent(450, Long.MAX_VALUE)), Instant.MAX);
  }

  /// Every look at the catalog is a step, so waiting is only looking again; not for ever, since
  /// sessions whose writers were killed stay open.
  private static final class PatientGuard implements PruneGuard {
    private int looks;

    @Override
    public void mayGoOn() {}

    @Override
    public boolean waitFor(int openSessions) {
      return looks++ < 12;
    }
  }

  /// The same numbers for the same seed.
  private static final class Seeded extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final Random random;

    Seeded(long seed) {
      this.random = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
      random.nextBytes(bytes);
    }
  }

  private static void assertAllWhole(ErasingBackend store) {
    try (Vault vault = open(store, VaultFixture.NOW, 2)) {
      List<Snapshot> all = vault.snapshots("postgres");
      assertThat(all).isNotEmpty();
      for (Snapshot snapshot : all) {
        assertWhole(vault, snapshot);
      }
      LogStream log = vault.log(LOG);
      assertReads(log, 200, 300);
      assertReads(log, 400, 600);
      for (LogExtent extent : log.extents()) {
        assertReads(log, extent.from(), extent.to());
      }
    }
  }

  private static void assertWhole(Vault vault, Snapshot snapshot) {
    String content = snapshot.facts().get("content");
    try (SnapshotReader reader = vault.openSnapshot("postgres", snapshot.id());
        Stream<FileEntry> entries = reader.entries()) {
      Map<String, byte[]> expected = content == null ? null : files(Long.parseLong(content));
      entries.forEach(entry -> {
        byte[] read = VaultFixture.read(reader, entry);
        assertThat(expected == null || Arrays.equals(expected.get(entry.path()), read)).isTrue();
      });
      assertThat(reader.missingPacks()).isEmpty();
    }
  }

  private static void assertReads(LogStream log, long from, long to) {
    long at = from;
    try (Stream<LogPiece> pieces = log.pieces(from, to)) {
      for (LogPiece piece : (Iterable<LogPiece>) pieces::iterator) {
        assertThat(piece.from()).isLessThanOrEqualTo(at);
        try (InputStream in = log.open(piece)) {
          assertThat(in.readAllBytes()).isEqualTo(noise(piece.from(), 100));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        at = piece.to();
      }
    }
    assertThat(at).isGreaterThanOrEqualTo(to);
  }

  /// Prunes twice undisturbed (the gaps of a log go in the second run), then looks at every key.
  private static void assertNothingElseIsLeft(MemoryBackend store) {
    Set<String> needed = new TreeSet<>();
    try (VaultRepository vault = open(store, VaultFixture.NOW, 3)) {
      Pruner pruner = vault.pruner(store);
      PruneRequest request = new PruneRequest("postgres", Set.of(), List.of(keep()), Instant.MAX);
      for (int i = 0; i < 2; i++) {
        PruneGuard guard = new PatientGuard();
        assertThat(pruner.sweep(pruner.hide(request, guard), guard).waitingFor()).isZero();
      }
      assertAllWhole(store);
      for (Snapshot snapshot : vault.snapshots("postgres")) {
        for (String kind : List.of("sessions", "manifests", "catalog")) {
          needed.add(kind + "/postgres/" + snapshot.id());
        }
        try (SnapshotReader reader = vault.openSnapshot("postgres", snapshot.id());
            Stream<FileEntry> entries = reader.entries()) {
          entries.forEach(e -> e.chunks().forEach(chunk -> needed.add(chunk.pack())));
        }
      }
      assertThat(vault.snapshots("postgres")).isNotEmpty();
    }
    List<String> left = new ArrayList<>(store.keys());
    left.removeAll(needed);
    left.removeIf(key -> isKeptForGood(store, key) || isIndexOfPacks(needed, key));
    assertThat(left).isEmpty();
  }

  private static boolean isKeptForGood(MemoryBackend store, String key) {
    // Records of closed sessions refuse writers that wake up late.
    boolean closed =
        key.startsWith("catalog/") && store.size(key.replace("catalog/", "manifests/")).isEmpty();
    boolean log =
        key.startsWith("log/")
            && List.of(200, 400, 500, 600, 700, 800).stream()
                .anyMatch(from -> key.endsWith("%016x.piece".formatted(from)));
    return key.equals("config") || closed || log || key.startsWith("trims/");
  }

  private static boolean isIndexOfPacks(Set<String> needed, String key) {
    String session = key.substring(key.lastIndexOf('/') + 1);
    boolean visible = needed.contains("catalog/postgres/" + session);
    return key.startsWith("index/")
        && (visible || needed.stream().anyMatch(k -> k.startsWith("packs/postgres/" + session)));
  }
}
