package dev.chrysalis.recovery;

import dev.chrysalis.engine.FakeTicker;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.platform.job.Patience;
import dev.chrysalis.postgres.archive.BranchedVault;
import dev.chrysalis.postgres.archive.PostgresInVault;
import dev.chrysalis.postgres.control.PostgresAgents;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import dev.chrysalis.workloads.FakeAgents;
import dev.chrysalis.workloads.FakeJob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// A database with one snapshot in a real vault, on a platform in memory, and the proof of it by a
/// restore.
final class ProofStage {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services: {}
          datastores:
            postgres: {kind: postgresql}
          """);
  private static final Datastore STORE = STACK.datastores().get("postgres");
  private static final byte[] CONTENT = new byte[1000];

  private final BranchedVault made = new BranchedVault(NOW);
  private final FakeTicker ticker = new FakeTicker();
  private final FakePlatform platform = new FakePlatform(Clock.systemUTC());
  private final FakeAgents agents = new FakeAgents(platform, new Agents());
  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final Proofs proofs = new Proofs(records, new Random(7));
  private final Leases leases = new Leases(records, Surroundings.system());
  private final SnapshotId snapshot;
  private WalInVault wal = new PostgresInVault(made.vault(), "postgres", made.clock());
  private Optional<JobEvent> restoreFails = Optional.empty();
  private boolean crashes;
  private boolean silent;

  ProofStage() {
    platform.with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true);
    platform.withAgent((member, arguments, onLine) ->
        silent
            ? new ExecOutcome.Broken("no route to host")
            : agents.run(member, arguments, onLine));
    snapshot = made.seal(7, 1, 1).backUp(7, 1, 1, CONTENT).id();
  }

  SnapshotId snapshot() {
    return snapshot;
  }

  Proof prove() {
    return prove(Optional.empty());
  }

  Proof proveNamed() {
    return prove(Optional.of(snapshot));
  }

  Proof prove(Optional<SnapshotId> asked) {
    return new ProofByRestore(STACK.name(), STORE, wal, beside(), leases, proofs, made.clock())
        .prove(asked, Holder.thisProcess("chrysalis prove"), (_, _) -> {}, event -> {});
  }

  private RestoreBeside beside() {
    Jobs jobs = new Jobs(platform, new Hasty(ticker));
    PostgresAgents near = new PostgresAgents(platform, jobs);
    return new RestoreBeside(STACK, STORE, platform, jobs, near, leases, wal, ticker);
  }

  /// What was proved of the snapshot.
  List<Proof> kept() {
    return proofs.of("postgres", snapshot);
  }

  List<ProofAge> ages() {
    return ProofAge.of(STORE, proofs, NOW);
  }

  List<String> workloads() {
    return platform.workloads().stream().map(Workload::name).toList();
  }

  void removeCopy() {
    beside().drop("proof-postgres", Holder.thisProcess("chrysalis prove"));
  }

  /// Deletes all objects of a kind; the key of one.
  String delete(String kind) {
    List<String> keys = made.backend().keys().stream().filter(k -> k.startsWith(kind)).toList();
    keys.forEach(made.backend()::delete);
    return keys.getFirst();
  }

  /// Flips a bit of an object of a kind; its key.
  String flip(String kind) {
    String key = made.backend().keys().stream().filter(k -> k.startsWith(kind)).toList().getLast();
    try (InputStream in = made.backend().open(key, 0, Long.MAX_VALUE)) {
      byte[] bytes = in.readAllBytes();
      bytes[bytes.length / 3] ^= 4;
      made.backend().delete(key);
      made.backend().create(key, Body.of(bytes));
      return key;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void loseVault() {
    wal =
        new UnreadableVault(
            new ChrysalisException(VaultErrors.UNREACHABLE, "no route to the vault", "none"));
  }

  void room(long free) {
    platform.room(0, free);
  }

  void restoreFails(ErrorCode code, String message) {
    restoreFails = Optional.of(new JobEvent.Failed(code.toString(), message, "look at it"));
  }

  void serverCrashes() {
    crashes = true;
    Object _ =
        platform.crashingWith(environment -> environment.containsKey("CHRYSALIS_COPY_TARGET"));
  }

  /// From now on no agent answers.
  void silence() {
    silent = true;
  }

  void speak() {
    silent = false;
  }

  private final class Agents implements FakeAgents.Near {
    @Override
    public String store() {
      return "postgres";
    }

    @Override
    public Map<String, String> status(MemberId member) {
      return crashes
          ? Map.of()
          : Map.of("role", "standby", "replayPaused", "true", "replayed", "F/0");
    }

    @Override
    public Optional<JobEvent> step(MemberId member, FakeJob job) {
      return switch (job.task.get(1)) {
        case "restore" -> restoreFails.or(() -> Optional.of(new JobEvent.Done(Map.of())));
        case "examine" -> Optional.of(new JobEvent.Done(Map.of("tables", "12", "faults", "")));
        default -> Optional.empty();
      };
    }

    @Override
    public void violated(String rule) {
      throw new AssertionError(rule);
    }
  }

  /// Time passes at once for who waits.
  private record Hasty(FakeTicker ticker) implements Patience {
    @Override
    public Duration silence() {
      return Duration.ofMinutes(2);
    }

    @Override
    public long nanos() {
      return ticker.nanos();
    }

    @Override
    public void pause(Duration time) {
      ticker.advance(time);
    }
  }
}
