package dev.chrysalis.recovery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.FakeTicker;
import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.platform.job.Patience;
import dev.chrysalis.postgres.StoredDamage;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import dev.chrysalis.workloads.FakeAgents;
import dev.chrysalis.workloads.FakeJob;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// A real vault that may be damaged, and a platform in memory whose agents try restore points of
/// one datastore.
public final class TrialStage {
  public static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  private final String store;
  private final Map<String, String> status;
  private final MemoryBackend backend = new MemoryBackend();
  private final Clock clock = new Running();
  private final VaultRepository vault =
      VaultRepository.create(
          backend,
          Passphrase.of("pupa".toCharArray()),
          new SecureRandom(),
          clock,
          VaultOptions.defaults(),
          10);
  private final FakePlatform platform = new FakePlatform(clock);
  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final Proofs proofs = new Proofs(records, new Random(7));
  private final List<String> tasks = new ArrayList<>();
  private Optional<JobEvent> fails = Optional.empty();

  /// @param store its kind and its name to agents
  /// @param status what the agents beside its members say
  public TrialStage(String store, Map<String, String> status) {
    this.store = store;
    this.status = status;
    platform.with(store, Workload.Kind.STATEFUL_SET, 2, 2, true);
    FakeAgents agents = new FakeAgents(platform, new Agents());
    platform.withAgent(agents::run);
  }

  public Stack stack() {
    return StackFile.parse(
        "stack.yaml",
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/platform}
        vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
        datastores:
          %1$s: {kind: %1$s}
        """
            .formatted(store));
  }

  public FakePlatform platform() {
    return platform;
  }

  public VaultRepository vault() {
    return vault;
  }

  public Clock clock() {
    return clock;
  }

  public Jobs jobs() {
    return new Jobs(platform, new Hasty(new FakeTicker()));
  }

  public ProofByAgent agent() {
    Leases leases = new Leases(records, Surroundings.system());
    return new ProofByAgent("butterfly", store, jobs(), leases, proofs, clock);
  }

  /// Keeps a snapshot with one file that no other has.
  public SnapshotId snapshot(String file, Map<String, String> facts) {
    byte[] content = new byte[1000];
    new Random(facts.hashCode()).nextBytes(content);
    try (SnapshotWriter writer = vault.beginSnapshot(store)) {
      var chunks = List.of(writer.store(ByteBuffer.wrap(content)));
      writer.add(new FileEntry(file, FileEntry.Kind.FILE, 0600, content.length, NOON, "", chunks));
      return writer.commit(facts).id();
    }
  }

  /// Deletes the newest object of a kind; its key.
  public String delete(String kind) {
    String key = newest(kind);
    backend.delete(key);
    return key;
  }

  /// Flips a bit of the newest object of a kind; its key.
  public String flip(String kind) {
    String key = newest(kind);
    int flip = StoredDamage.bytes(backend, key).length / 3;
    var _ = StoredDamage.FLIPPED.hit(backend, key, flip, List.of(), List.of(), new Random(1));
    return key;
  }

  private String newest(String kind) {
    return backend.keys().stream().filter(k -> k.startsWith(kind)).toList().getLast();
  }

  public void agentFails(ErrorCode code) {
    fails = Optional.of(new JobEvent.Failed(code.toString(), "object packs/1", "look at it"));
  }

  /// From now on no agent answers.
  public void silence() {
    platform.withAgent((_, _, _) -> new ExecOutcome.Broken("no route to host"));
  }

  /// What agents were told to do.
  public List<String> tasks() {
    return tasks;
  }

  public void assertFailed(Proof proof, SnapshotId snapshot, String... words) {
    assertThat(proof.intact()).isFalse();
    assertThat(proof.snapshot()).isEqualTo(snapshot);
    assertThat(proof.level()).isEqualTo(Proof.Level.RESTORED);
    assertThat(proof.facts().get("faults")).contains(words);
    assertThat(proofs.of(store, snapshot)).contains(proof);
  }

  /// It ends with that error, and nothing is kept of that snapshot.
  public void assertUntried(Runnable trial, SnapshotId snapshot, ErrorCode code) {
    assertThatThrownBy(trial::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(proofs.of(store, snapshot)).isEmpty();
  }

  /// A second passes between two looks at it, so that what comes later is later.
  private static final class Running extends Clock {
    private final AtomicLong seconds = new AtomicLong(30);

    @Override
    public Instant instant() {
      return NOON.plusSeconds(seconds.incrementAndGet());
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

  private final class Agents implements FakeAgents.Near {
    @Override
    public String store() {
      return store;
    }

    @Override
    public Map<String, String> status(MemberId member) {
      return status;
    }

    @Override
    public Optional<JobEvent> step(MemberId member, FakeJob job) {
      tasks.add(String.join(" ", job.task));
      return fails.or(() -> Optional.of(new JobEvent.Done(Map.of("keys", "3"))));
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
