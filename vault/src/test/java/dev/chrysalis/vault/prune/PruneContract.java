package dev.chrysalis.vault.prune;

import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.ErasingBackend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Prune beside writers that really run at the same time, on a real place.
public abstract class PruneContract {
  private static final int WRITERS = 3;
  private static final int ROUNDS = 3;
  private static final int PIECES_BEFORE = 12;
  private static final int PIECES_MEANWHILE = 15;

  /// Each writer ships a log of its own beside its snapshots.
  private static final List<PrunedLog> LOGS =
      IntStream.rangeClosed(1, WRITERS)
          .mapToObj(i -> new PrunedLog(new LogName("postgres", "7/0000000" + i)))
          .toList();

  /// An empty place.
  protected abstract ErasingBackend emptyPlace() throws Exception;

  @Test
  void snapshotsAndLogsStayWholeWhileWritersAndPrunesRunSideBySide() throws Exception {
    ErasingBackend place = emptyPlace();
    try (VaultRepository vault = VaultFixture.create(place)) {
      for (int i = 0; i < 3; i++) {
        write(vault, i);
      }
      LOGS.forEach(log -> log.ship(vault, PIECES_BEFORE));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          int writer = i;
          all.add(threads.submit(() -> writeMany(vault, writer)));
          all.add(threads.submit(() -> LOGS.get(writer).ship(vault, PIECES_MEANWHILE)));
        }
        all.add(threads.submit(() -> pruneMany(vault, place)));
        for (Future<?> each : all) {
          each.get();
        }
      }
      // Twice, since the signs of what a log lost go in the second run.
      prune(vault, place, Instant.MAX);
      prune(vault, place, Instant.MAX);
      assertWhole(vault);
      LOGS.forEach(log -> log.assertNothingElseIsLeft(vault));
      assertThat(keys(place, "log/")).hasSize(WRITERS * PrunedLog.piecesLeft());
      // A writer that had found a pack before it was marked may still need it: the mark stays.
      assertThat(packsNeeded(vault)).containsAll(marked(place));
      assertThat(keys(place, "removed/")).isEmpty();
      assertThat(keys(place, "manifests/")).hasSameSizeAs(vault.snapshots("postgres"));
    }
  }

  private static void writeMany(Vault vault, int writer) {
    for (int i = 0; i < ROUNDS; i++) {
      try {
        write(vault, 10 * writer + i);
      } catch (ChrysalisException e) {
        assertThat(e.code()).isEqualTo(VaultErrors.SESSION_ABANDONED);
      }
    }
  }

  private static void write(Vault vault, int number) {
    VaultFixture.snapshot(
        vault, "postgres", Map.of("same", content(number % 4, 900), "own", noise(number, 500)));
  }

  private static void pruneMany(VaultRepository vault, ErasingBackend place) {
    for (int i = 0; i < 2 * ROUNDS; i++) {
      prune(vault, place, i % 3 == 2 ? Instant.MAX : Instant.EPOCH);
    }
  }

  private static void prune(VaultRepository vault, ErasingBackend place, Instant deadBefore) {
    List<Snapshot> all = vault.snapshots("postgres");
    Set<SnapshotId> drop =
        all.stream().limit(all.size() / 2).map(Snapshot::id).collect(Collectors.toSet());
    Pruner pruner = vault.pruner(place);
    PruneGuard guard = new LooksAgain();
    Map<PrunedLog, LogKeep> logs =
        LOGS.stream().collect(Collectors.toMap(log -> log, log -> log.keep(vault)));
    PruneRequest request =
        new PruneRequest("postgres", drop, List.copyOf(logs.values()), deadBefore);
    pruner.sweep(pruner.hide(request, guard), guard);
    logs.forEach((log, kept) -> log.assertReads(vault, kept));
  }

  private static final class LooksAgain implements PruneGuard {
    private int looks;

    @Override
    public void mayGoOn() {}

    @Override
    public boolean waitFor(int openSessions) {
      Thread.onSpinWait();
      return looks++ < 10_000;
    }
  }

  private static Set<String> packsNeeded(Vault vault) {
    Set<String> packs = new TreeSet<>();
    for (Snapshot snapshot : vault.snapshots("postgres")) {
      try (SnapshotReader reader = vault.openSnapshot("postgres", snapshot.id());
          Stream<FileEntry> entries = reader.entries()) {
        entries.forEach(entry -> entry.chunks().forEach(chunk -> packs.add(chunk.pack())));
      }
    }
    return packs;
  }

  /// The packs that are marked to go.
  private static List<String> marked(ErasingBackend place) {
    return keys(place, "doomed/").stream().map(key -> key.replaceFirst("doomed", "packs")).toList();
  }

  private static void assertWhole(Vault vault) {
    assertThat(vault.snapshots("postgres")).isNotEmpty();
    for (Snapshot snapshot : vault.snapshots("postgres")) {
      try (SnapshotReader reader = vault.openSnapshot("postgres", snapshot.id());
          Stream<FileEntry> entries = reader.entries()) {
        entries.forEach(entry -> VaultFixture.read(reader, entry));
        assertThat(reader.missingPacks()).isEmpty();
      }
    }
  }

  private static List<String> keys(ErasingBackend place, String prefix) {
    try (Stream<Backend.Listed> listed = place.list(prefix)) {
      return listed.map(Backend.Listed::key).toList();
    }
  }
}
