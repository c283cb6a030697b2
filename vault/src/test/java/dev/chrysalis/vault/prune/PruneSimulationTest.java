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
import java.util.HashMap;
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
  /// `-Dprune.seeds=100000` plays for longer, `-Dprune.firstSeed=N` begins elsewhere: with one seed
  /// it plays again what failed.
  private static final int SEEDS = Integer.getInteger("prune.seeds", 3000);

  private static final int FIRST = Integer.getInteger("prune.firstSeed", 0);
  private static final LogName LOG = new LogName("postgres", "7/00000001");

  /// A prune makes some hundred calls, so that with faults few come to their ends. Seeds take
  /// turns: orders alone, few faults, many.
  private static final List<Interleaving.Odds> ODDS =
      List.of(
          new Interleaving.Odds(0, 0, 0),
          new Interleaving.Odds(1, 1, 1),
          new Interleaving.Odds(6, 4, 4));

  /// Sessions of the fixture began here; all that a seed begins is younger.
  private static final Instant DEAD_BEFORE = VaultFixture.NOW.minusSeconds(60);

  private final MemoryBackend beginning = beginning();
  private final ReadBefore read = new ReadBefore();

  PruneSimulationTest() {
    try (Vault vault = open(beginning, VaultFixture.NOW, 2)) {
      assertAllWhole(vault, beginning, read);
    }
  }

  private static Map<String, byte[]> files(long seed) {
    Random random = new Random(seed);
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      // Few contents, so that snapshots share chunks of each other's packs.
      files.put("shared-" + i, shared(random.nextInt(6)));
    }
    files.put("own", noise(seed, 300));
    return files;
  }

  private static byte[] shared(int which) {
    return content(which, 700 + which);
  }

  private static MemoryBackend beginning() {
    MemoryBackend backend = new MemoryBackend();
    // Every actor opens the vault: its passphrase is hashed once only.
    try (VaultRepository vault =
        VaultRepository.create(
            backend, VaultFixture.passphrase(), new Seeded(0), VaultFixture.CLOCK, SMALL, 1)) {
      for (int i = 0; i < 3; i++) {
        // Each has contents that only its own pack holds, and that writers come back to: what one
        // prune marks, a writer may just have found.
        VaultFixture.snapshot(
            vault,
            "postgres",
            Map.of("a", shared(2 * i), "b", shared(2 * i + 1), "own", noise(i, 300)));
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
    for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        steps += play(seed, outcomes);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    if (SEEDS >= 1000) {
      outcomes.assertWorthSomething(steps);
    }
  }

  private static final class Outcomes {
    int committed;
    int abandoned;
    int pruned;

    /// Snapshots that refer to a pack which a prune had marked already.
    int rescued;

    /// The simulation is worth something only while all of this happens in it.
    void assertWorthSomething(long steps) {
      assertThat(steps).isGreaterThan(SEEDS * 100L);
      assertThat(committed).isGreaterThan(SEEDS / 2);
      assertThat(abandoned).isGreaterThan(SEEDS / 50);
      assertThat(pruned).isGreaterThan(SEEDS / 8);
      assertThat(rescued).isGreaterThan(SEEDS / 100);
    }
  }

  private long play(int seed, Outcomes outcomes) {
    MemoryBackend store = beginning.copy();
    Random random = new Random(seed);
    Interleaving interleaving = new Interleaving(store, random, ODDS.get(seed % ODDS.size()));
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
    ReadBefore before = read.copy();
    try (VaultRepository vault = open(store, VaultFixture.NOW, 2)) {
      assertAllWhole(vault, store, before);
      outcomes.rescued += rescued(vault, store, before);
      pruneUndisturbed(vault, store);
      assertAllWhole(vault, store, before);
      assertNothingElseIsLeft(vault, store, before);
    }
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

  /// Snapshots that were read whole, with the bytes of all their objects. The same bytes under the
  /// same keys read the same, so they are compared and not decrypted again; where anything is
  /// missing or differs the snapshot is read again, and fails.
  private static final class ReadBefore {
    private final Map<SnapshotId, Map<String, byte[]>> snapshots = new HashMap<>();

    ReadBefore copy() {
      ReadBefore copy = new ReadBefore();
      copy.snapshots.putAll(snapshots);
      return copy;
    }

    Set<String> objectsOf(SnapshotId id) {
      return snapshots.get(id).keySet();
    }

    boolean isAsItWas(SnapshotId id, MemoryBackend store) {
      return snapshots.containsKey(id)
          && snapshots.get(id).entrySet().stream()
              .allMatch(object ->
                  store.size(object.getKey()).isPresent()
                      && Arrays.equals(
                          object.getValue(), VaultFixture.bytes(store, object.getKey())));
    }

    void add(SnapshotId id, Set<String> keys, MemoryBackend store) {
      Map<String, byte[]> objects = new HashMap<>();
      keys.forEach(key -> objects.put(key, VaultFixture.bytes(store, key)));
      snapshots.put(id, objects);
    }
  }

  private static void assertAllWhole(Vault vault, MemoryBackend store, ReadBefore before) {
    List<Snapshot> all = vault.snapshots("postgres");
    assertThat(all).isNotEmpty();
    for (Snapshot snapshot : all) {
      if (!before.isAsItWas(snapshot.id(), store)) {
        before.add(snapshot.id(), assertWhole(vault, snapshot), store);
      }
    }
    LogStream log = vault.log(LOG);
    List<LogExtent> extents = log.extents();
    for (LogExtent kept : List.of(new LogExtent(200, 300), new LogExtent(400, 600))) {
      assertThat(extents).anyMatch(e -> e.from() <= kept.from() && kept.to() <= e.to());
    }
    extents.forEach(extent -> assertReads(log, extent.from(), extent.to()));
  }

  private static int rescued(Vault vault, MemoryBackend store, ReadBefore before) {
    return (int)
        vault.snapshots("postgres").stream()
            .flatMap(snapshot -> before.objectsOf(snapshot.id()).stream())
            .filter(key -> key.startsWith("packs/"))
            .filter(key -> store.size(key.replace("packs/", "doomed/")).isPresent())
            .count();
  }

  /// Reads a snapshot; the keys of all that it needs.
  private static Set<String> assertWhole(Vault vault, Snapshot snapshot) {
    Set<String> objects = new TreeSet<>();
    for (String kind : List.of("manifests", "catalog")) {
      objects.add(kind + "/postgres/" + snapshot.id());
    }
    String content = snapshot.facts().get("content");
    Map<String, byte[]> expected = content == null ? null : files(Long.parseLong(content));
    try (SnapshotReader reader = vault.openSnapshot("postgres", snapshot.id());
        Stream<FileEntry> entries = reader.entries()) {
      entries.forEach(entry -> {
        byte[] read = VaultFixture.read(reader, entry);
        assertThat(expected == null || Arrays.equals(expected.get(entry.path()), read)).isTrue();
        entry.chunks().forEach(chunk -> objects.add(chunk.pack()));
      });
      assertThat(reader.missingPacks()).isEmpty();
    }
    return objects;
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

  /// Twice, since the gaps of a log go in the second run.
  private static void pruneUndisturbed(VaultRepository vault, MemoryBackend store) {
    Pruner pruner = vault.pruner(store);
    PruneRequest request = new PruneRequest("postgres", Set.of(), List.of(keep()), Instant.MAX);
    for (int i = 0; i < 2; i++) {
      PruneGuard guard = new PatientGuard();
      assertThat(pruner.sweep(pruner.hide(request, guard), guard).waitingFor()).isZero();
    }
  }

  /// Looks at every key.
  private static void assertNothingElseIsLeft(Vault vault, MemoryBackend store, ReadBefore before) {
    Set<String> needed = new TreeSet<>();
    for (SnapshotId id : vault.snapshotIds("postgres")) {
      // Sessions that were closed have a record too, and are no snapshots.
      if (store.size("manifests/postgres/" + id).isPresent()) {
        needed.add("sessions/postgres/" + id);
        needed.addAll(before.objectsOf(id));
      }
    }
    List<String> left = new ArrayList<>(store.keys());
    left.removeAll(needed);
    left.removeIf(key ->
        isKeptForGood(store, key) || isIndexOfPacks(needed, key) || isMarkOfPack(needed, key));
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

  /// A mark is never taken back, also when the pack turned out to be needed.
  private static boolean isMarkOfPack(Set<String> needed, String key) {
    return key.startsWith("doomed/") && needed.contains(key.replace("doomed/", "packs/"));
  }

  private static boolean isIndexOfPacks(Set<String> needed, String key) {
    String session = key.substring(key.lastIndexOf('/') + 1);
    boolean visible = needed.contains("catalog/postgres/" + session);
    return key.startsWith("index/")
        && (visible || needed.stream().anyMatch(k -> k.startsWith("packs/postgres/" + session)));
  }
}
