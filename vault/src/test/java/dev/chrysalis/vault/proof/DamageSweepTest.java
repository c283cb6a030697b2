package dev.chrysalis.vault.proof;

import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.DamagedObject;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.DirectoryBackend;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damage chosen by a seed, to any object of a vault with two snapshots and a log. A proof finds it
/// and names the object, unless no restore needs that; and no reader is ever given a wrong byte.
class DamageSweepTest {
  private static final int IN_MEMORY = 2000;
  private static final int IN_A_DIRECTORY = 200;
  private static final LogName LOG = new LogName("postgres", "7/00000001");
  private static final LogRange RANGE = new LogRange(LOG, 1100, 1600);

  /// What no restore reads: sessions are names only, an index is rebuilt from the packs' footers.
  private static final Set<String> REDUNDANT = Set.of("sessions", "index");

  private final Map<String, byte[]> pristine = new TreeMap<>();
  private final Map<String, byte[]> foreign = new TreeMap<>();
  private final Map<String, byte[]> files = new HashMap<>();
  private final List<Snapshot> snapshots = new ArrayList<>();
  private final byte[] log = noise(3, 500);

  private enum Kind {
    FLIPPED,
    CUT,
    EXTENDED,
    DELETED,
    SWAPPED,
    REPLACED,
    FOREIGN
  }

  /// @param put the objects that now have other bytes; null bytes stand for deleted ones
  private record Case(String what, Map<String, byte[]> put) {}

  DamageSweepTest() {
    keep(foreign);
    snapshots.clear();
    keep(pristine);
  }

  private void keep(Map<String, byte[]> into) {
    MemoryBackend backend = new MemoryBackend();
    try (Vault vault = VaultFixture.create(backend)) {
      for (int i = 0; i < 2; i++) {
        Map<String, byte[]> all = new TreeMap<>();
        all.put("base/same", content(7, 3000));
        all.put("base/own", content(20 + i, 5000));
        all.put("pg_control", noise(30 + i, 200));
        Snapshot snapshot = VaultFixture.snapshot(vault, "postgres", all);
        snapshots.add(snapshot);
        all.forEach((path, bytes) -> files.put(snapshot.id() + "/" + path, bytes));
      }
      LogStream stream = vault.log(LOG);
      for (int at = 0; at < 500; at += 100) {
        stream.append(1100 + at, 1200 + at, ByteBuffer.wrap(log, at, 100), Map.of());
      }
    }
    backend.keys().forEach(key -> into.put(key, VaultFixture.bytes(backend, key)));
  }

  @Test
  void everyDamageInMemoryIsFoundAndNoWrongByteIsHandedOut() {
    MemoryBackend backend = new MemoryBackend();
    pristine.forEach((key, bytes) -> backend.create(key, Body.of(bytes)));
    for (int seed = 0; seed < IN_MEMORY; seed++) {
      MemoryBackend damaged = backend.copy();
      Case chosen = choose(new Random(seed));
      apply(chosen, damaged);
      check("seed " + seed + ": " + chosen.what(), chosen, damaged);
    }
  }

  @Test
  void everyDamageInADirectoryIsFoundAndNoWrongByteIsHandedOut(@TempDir Path root) {
    DirectoryBackend backend = DirectoryBackend.at(root);
    pristine.forEach((key, bytes) -> backend.create(key, Body.of(bytes)));
    for (int seed = 0; seed < IN_A_DIRECTORY; seed++) {
      Case chosen = choose(new Random(10_000 + seed));
      apply(chosen, backend);
      check("seed " + seed + ": " + chosen.what(), chosen, backend);
      Map<String, byte[]> back = new TreeMap<>();
      chosen.put().keySet().forEach(key -> back.put(key, pristine.get(key)));
      apply(new Case("mended", back), backend);
    }
    assertThat(survey(backend).proved).isEmpty();
  }

  @Test
  void theVaultIsWholeBefore() {
    MemoryBackend backend = new MemoryBackend();
    pristine.forEach((key, bytes) -> backend.create(key, Body.of(bytes)));
    Survey survey = survey(backend);
    assertThat(survey.proved).isEmpty();
    assertThat(survey.refused).isEmpty();
  }

  private Case choose(Random random) {
    List<String> keys = List.copyOf(pristine.keySet());
    String key = keys.get(random.nextInt(keys.size()));
    String other = keys.get(random.nextInt(keys.size()));
    byte[] bytes = pristine.get(key).clone();
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    Map<String, byte[]> put = new TreeMap<>();
    switch (kind) {
      case FLIPPED -> {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        put.put(key, bytes);
      }
      case CUT -> put.put(key, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      case EXTENDED -> put.put(key, Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40)));
      case DELETED -> put.put(key, null);
      case SWAPPED -> {
        put.put(key, pristine.get(other));
        put.put(other, bytes);
      }
      case REPLACED -> put.put(key, pristine.get(other));
      case FOREIGN -> {
        List<byte[]> all = List.copyOf(foreign.values());
        put.put(key, foreign.getOrDefault(key, all.get(random.nextInt(all.size()))));
      }
    }
    put.entrySet().removeIf(e -> Arrays.equals(e.getValue(), pristine.get(e.getKey())));
    return new Case(kind + " " + put.keySet(), put);
  }

  private static void apply(Case chosen, ErasingBackend backend) {
    chosen
        .put()
        .forEach((key, bytes) -> {
          backend.delete(key);
          if (bytes != null) {
            backend.create(key, Body.of(bytes));
          }
        });
  }

  private void check(String what, Case chosen, Backend backend) {
    Survey survey = survey(backend);
    assertThat(survey.wrong).as(what).isEmpty();
    boolean needed =
        chosen.put().entrySet().stream().anyMatch(e -> isNeeded(e.getKey(), e.getValue()));
    assertThat(survey.proved.isEmpty()).as(what + ": " + survey.proved).isEqualTo(!needed);
    if (survey.proved.isEmpty()) {
      assertThat(survey.refused).as(what).isEmpty();
    } else if (!chosen.put().containsKey("config")) {
      assertThat(survey.proved)
          .as(what)
          .anySatisfy(found -> assertThat(chosen.put().keySet()).anyMatch(found::contains));
    }
    // Where the config is another's, everything else is damage: that is said of some object.
  }

  private static boolean isNeeded(String key, byte @Nullable [] bytes) {
    boolean gap = key.startsWith("gaps/") || key.endsWith("/0000000000000000.piece");
    if (gap && bytes == null) {
      // Without it the lost stretch before the log's beginning is forgotten; nobody reads there.
      return false;
    }
    return !REDUNDANT.contains(key.substring(0, Math.max(0, key.indexOf('/'))));
  }

  /// What proofs and readers said.
  private static final class Survey {
    /// What the proofs found, by key, or by message where a proof was refused.
    final List<String> proved = new ArrayList<>();

    /// What readers refused to read.
    final List<String> refused = new ArrayList<>();

    /// Wrong bytes that readers were given.
    final List<String> wrong = new ArrayList<>();
  }

  private Survey survey(Backend backend) {
    Survey survey = new Survey();
    try (Vault vault = VaultFixture.open(backend)) {
      for (Snapshot snapshot : snapshots) {
        prove(vault, snapshot, survey);
        refusing(survey, () -> readFiles(vault, snapshot, survey));
      }
      refusing(survey, () -> readLog(vault, survey));
    } catch (ChrysalisException e) {
      survey.proved.add(e.getMessage());
      survey.refused.add(e.getMessage());
    }
    return survey;
  }

  private static void prove(Vault vault, Snapshot snapshot, Survey survey) {
    ProofRequest request =
        new ProofRequest("postgres", snapshot.id(), List.of(RANGE), Sample.all(), 1);
    try {
      vault.prover().prove(request, (bytes, total) -> {}).damaged().stream()
          .map(DamagedObject::key)
          .forEach(survey.proved::add);
    } catch (ChrysalisException e) {
      assertThat(e.code()).isEqualTo(VaultErrors.NO_SUCH_SNAPSHOT);
      survey.proved.add("catalog/postgres/" + snapshot.id());
    }
  }

  private static void refusing(Survey survey, Runnable read) {
    try {
      read.run();
    } catch (ChrysalisException e) {
      if (!e.code().equals(VaultErrors.NO_SUCH_SNAPSHOT)) {
        assertThat(e.code().category()).as(e.getMessage()).isEqualTo(Category.DAMAGED);
      }
      survey.refused.add(e.getMessage());
    }
  }

  private void readFiles(Vault vault, Snapshot snapshot, Survey survey) {
    try (SnapshotReader reader = vault.openSnapshot("postgres", snapshot.id());
        Stream<FileEntry> entries = reader.entries()) {
      if (!reader.missingPacks().isEmpty()) {
        throw new ChrysalisException(
            VaultErrors.SNAPSHOT_INCOMPLETE, "a restore refuses at once", "none");
      }
      entries.forEach(entry -> {
        byte[] expected = files.get(snapshot.id() + "/" + entry.path());
        if (!Arrays.equals(expected, VaultFixture.read(reader, entry))) {
          survey.wrong.add(entry.path());
        }
      });
    }
  }

  private void readLog(Vault vault, Survey survey) {
    LogStream stream = vault.log(LOG);
    stream.extents();
    ByteBuffer all = ByteBuffer.allocate(log.length);
    try (Stream<LogPiece> pieces = stream.pieces(RANGE.from(), RANGE.to())) {
      pieces.forEach(piece -> {
        try (InputStream in = stream.open(piece)) {
          all.position((int) (piece.from() - RANGE.from())).put(in.readAllBytes());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
    if (all.hasRemaining()) {
      throw new ChrysalisException(VaultErrors.LOG_GAP, "the log ends early", "none");
    }
    if (!Arrays.equals(log, all.array())) {
      survey.wrong.add("log");
    }
  }
}
