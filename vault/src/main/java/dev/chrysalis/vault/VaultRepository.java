package dev.chrysalis.vault;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.CreateOnce;
import dev.chrysalis.vault.backend.ErasingBackend;
import dev.chrysalis.vault.backend.ObjectLocks;
import dev.chrysalis.vault.lock.LockKeeper;
import dev.chrysalis.vault.log.Logs;
import dev.chrysalis.vault.log.SealedLog;
import dev.chrysalis.vault.log.SealedRecords;
import dev.chrysalis.vault.pack.CodecPool;
import dev.chrysalis.vault.proof.SnapshotProver;
import dev.chrysalis.vault.prune.Pruner;
import dev.chrysalis.vault.seal.KeyRing;
import dev.chrysalis.vault.seal.SealedObjects;
import dev.chrysalis.vault.seal.VaultConfig;
import dev.chrysalis.vault.snapshot.Catalog;
import dev.chrysalis.vault.snapshot.PackedSnapshotReader;
import dev.chrysalis.vault.snapshot.PackedSnapshotWriter;
import dev.chrysalis.vault.snapshot.StoreKeys;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// The vault in a backend. `create` makes one, `open` opens one. The backend should be a
/// `RetryingBackend`, since nothing here tries again on its own. Closing the vault closes the
/// backend; a `create` or `open` that fails leaves it to its caller.
public final class VaultRepository implements Vault {
  /// How often the passphrase is hashed for a new vault.
  public static final int ITERATIONS = 600_000;

  /// The same for a passphrase of 128 random bits or more: nobody guesses it however fast it is
  /// hashed, and every command and agent that is started pays for the hashing.
  public static final int ITERATIONS_OF_RANDOM = 1_000;

  private static final int MOST_CONFIG_BYTES = 64 * 1024;

  private final Backend backend;
  private final SealedObjects objects;
  private final CodecPool codecs;
  private final VaultOptions options;
  private final Clock clock;
  private final SealedRecords records;

  private VaultRepository(
      Backend backend, KeyRing keys, SecureRandom random, Clock clock, VaultOptions options) {
    this.backend = backend;
    this.objects = new SealedObjects(backend, keys, random, options.requestsAtOnce());
    this.codecs = new CodecPool(keys, options.compressionLevel());
    this.options = options;
    this.clock = clock;
    this.records = new SealedRecords(objects);
  }

  /// Makes a new vault; `VAULT_EXISTS` where there is one, `BAD_LOCATION` where the store does not
  /// honour create-if-absent.
  public static VaultRepository create(
      Backend backend, Passphrase passphrase, SecureRandom random, Clock clock) {
    return create(backend, passphrase, random, clock, VaultOptions.defaults(), ITERATIONS);
  }

  /// Makes a new vault; few iterations are for passphrases that are random, and for tests.
  public static VaultRepository create(
      Backend backend,
      Passphrase passphrase,
      SecureRandom random,
      Clock clock,
      VaultOptions options,
      int iterations) {
    if (backend.size(VaultConfig.KEY).isPresent()) {
      throw exists(backend);
    }
    VaultConfig config = VaultConfig.create(passphrase, iterations, random, clock);
    Backend.Created created = CreateOnce.proven(backend, VaultConfig.KEY, config.bytes());
    if (created == Backend.Created.EXISTS && !Arrays.equals(readConfig(backend), config.bytes())) {
      throw exists(backend);
    }
    return new VaultRepository(backend, config.unlock(passphrase), random, clock, options);
  }

  /// Opens a vault: `NO_VAULT`, `WRONG_PASSPHRASE`, `FORMAT_TOO_NEW`. Only reads.
  public static VaultRepository open(Backend backend, Passphrase passphrase, Clock clock) {
    return open(backend, passphrase, new SecureRandom(), clock, VaultOptions.defaults());
  }

  /// Opens a vault.
  public static VaultRepository open(
      Backend backend,
      Passphrase passphrase,
      SecureRandom random,
      Clock clock,
      VaultOptions options) {
    VaultConfig config = VaultConfig.parse(readConfig(backend));
    return new VaultRepository(backend, config.unlock(passphrase), random, clock, options);
  }

  @Override
  public SnapshotWriter beginSnapshot(String store) {
    return new PackedSnapshotWriter(objects, codecs, store, options, clock);
  }

  @Override
  public List<Snapshot> snapshots(String store) {
    return new Catalog(objects, store).snapshots();
  }

  @Override
  public List<SnapshotId> snapshotIds(String store) {
    return new Catalog(objects, store).ids();
  }

  @Override
  public SnapshotReader openSnapshot(String store, SnapshotId id) {
    Snapshot snapshot = new Catalog(objects, store).snapshot(id);
    return new PackedSnapshotReader(objects, codecs, snapshot, options.readCacheBytes());
  }

  @Override
  public SnapshotProver prover() {
    return new SnapshotProver(objects, codecs, options.readCacheBytes());
  }

  /// Prunes this vault.
  ///
  /// @param eraser the place of this vault, with the right to delete
  public Pruner pruner(ErasingBackend eraser) {
    return new Pruner(objects, eraser);
  }

  /// Keeps the locks of this vault's objects from running out.
  ///
  /// @param locks those of the place of this vault
  public LockKeeper lockKeeper(ObjectLocks locks) {
    return new LockKeeper(objects, locks, clock);
  }

  @Override
  public LogStream log(LogName name) {
    return new SealedLog(objects, checked(name), clock);
  }

  @Override
  public List<LogName> logs(String store) {
    return new Logs(objects, clock).of(new StoreKeys(store).store());
  }

  @Override
  public RecordStore records() {
    return records;
  }

  @Override
  public void close() {
    codecs.close();
    backend.close();
  }

  @Override
  public String toString() {
    return "vault in " + backend;
  }

  private static LogName checked(LogName name) {
    return new LogName(new StoreKeys(name.store()).store(), name.stream());
  }

  private static byte[] readConfig(Backend backend) {
    OptionalLong size = backend.size(VaultConfig.KEY);
    if (size.isEmpty()) {
      throw new ChrysalisException(
          VaultErrors.NO_VAULT,
          "there is no vault in " + backend,
          "check the location, or create a vault there first");
    }
    int length = (int) Math.min(size.getAsLong(), MOST_CONFIG_BYTES);
    try (InputStream in = backend.open(VaultConfig.KEY, 0, length)) {
      return in.readNBytes(length);
    } catch (IOException e) {
      throw new ChrysalisException(
          VaultErrors.UNREACHABLE,
          "the vault's configuration in " + backend + " cannot be read: " + e.getMessage(),
          "check the connection to the vault and try again",
          e);
    }
  }

  private static ChrysalisException exists(Backend backend) {
    return new ChrysalisException(
        VaultErrors.VAULT_EXISTS,
        "there is a vault in " + backend + " already",
        "open it with its passphrase, or choose another location");
  }
}
