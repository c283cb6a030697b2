package dev.chrysalis.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cli.Site;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.postgres.archive.PostgresInVault;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.ProofAge;
import dev.chrysalis.recovery.Recovery;
import dev.chrysalis.recovery.StoresInVault;
import dev.chrysalis.redis.control.RestorePoints;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.proof.Proof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Rounds of the proofs that policy asks for, over a real vault whose bytes are read.
class ScheduledProofsTest {
  private static final int SEGMENT = 1 << 20;
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          datastores:
            postgres: {kind: postgresql, backup: {prove: {verified: 1d, restored: 7d}}}
          """);

  private final Time time = new Time();
  private final MemoryBackend backend = new MemoryBackend();
  private final VaultRepository vault =
      VaultRepository.create(
          backend,
          Passphrase.of("pupa".toCharArray()),
          new SecureRandom(),
          time,
          VaultOptions.defaults(),
          10);
  private final FakePlatform platform =
      new FakePlatform(time).with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true);
  private final Site site = site();
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final SnapshotId snapshot = backUp();

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void aDamagedPackIsAFailedProofThatAssessNamesUntilALaterOneSucceeds() {
    byte[] whole = bytes(pack());
    byte[] damaged = whole.clone();
    damaged[damaged.length / 3] ^= 4;
    put(pack(), damaged);

    assertThat(round()).contains("PROOF FAILED " + snapshot + " of postgres: verified");
    assertThat(verified())
        .singleElement()
        .satisfies(proof -> assertThat(proof.intact()).isFalse())
        .satisfies(proof -> assertThat(proof.damaged().toString()).contains(pack()));
    assertThat(findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo("proof-failed"))
        .satisfies(f -> assertThat(f.text()).contains(snapshot.toString(), pack()));

    time.pass(Duration.ofHours(23));
    assertThat(round()).as("it is not due").doesNotContain("verified");
    time.pass(Duration.ofHours(1));
    put(pack(), whole);
    assertThat(round()).contains(" proved " + snapshot + " of postgres: verified");
    assertThat(findings()).isEmpty();
    assertThat(verified()).as("the failed one is kept").hasSize(2);
  }

  @Test
  void aProofThatIsTwiceAsOldAsPolicyAsksIsAFindingUntilTheNextRound() {
    assertThat(round()).contains(" proved " + snapshot);
    time.pass(Duration.ofHours(47));
    assertThat(findings()).isEmpty();

    time.pass(Duration.ofHours(2));

    assertThat(findings())
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo("proof-late"))
        .satisfies(f -> assertThat(f.text()).contains("verified for", "the policy is every 24 h"));
    assertThat(round()).contains(" proved " + snapshot);
    assertThat(findings()).isEmpty();
  }

  /// Policy asks for a restore, too, for which this machine has no room.
  @Test
  void aRestoreThatCannotBeTriedIsToldAndSpeaksAgainstNothing() {
    assertThat(round()).contains("not proved CHR-5016");

    assertThat(vaultProofs()).extracting(Proof::level).containsOnly(Proof.Level.VERIFIED);
    assertThat(findings()).isEmpty();
  }

  /// What a round tells.
  private String round() {
    told.reset();
    PrintStream out = new PrintStream(told, true, UTF_8);
    new ScheduledProofs(out, out, time).now(site, site.recovery().store("postgres"));
    return told.toString(UTF_8);
  }

  private List<Finding> findings() {
    return site.recovery().assess().findings().stream()
        .filter(f -> f.kind().startsWith(ProofAge.KINDS))
        .toList();
  }

  private List<Proof> verified() {
    return vaultProofs().stream().filter(p -> p.level() == Proof.Level.VERIFIED).toList();
  }

  private List<Proof> vaultProofs() {
    return site.recovery().proofs().of("postgres", snapshot);
  }

  private Site site() {
    platform.room(0, 3);
    Surroundings surroundings = new Surroundings(time, Ticker.system(), new SecureRandom());
    Recovery recovery =
        new Recovery(STACK, platform, vault.records(), new Held(vault, time), surroundings);
    return new Site(STACK, platform, recovery, () -> vault, vault::close);
  }

  /// A snapshot within a segment of WAL, which is shipped.
  private SnapshotId backUp() {
    Object _ =
        vault
            .log(new LogName("postgres", "7/00000001"))
            .append(
                SEGMENT,
                2L * SEGMENT,
                ByteBuffer.allocate(10),
                Map.of("segment", Integer.toString(SEGMENT), "last", "0/1000A0"));
    BackupFacts facts =
        new BackupFacts(
            "7",
            1,
            Lsn.parse("0/100028"),
            1,
            Lsn.parse("0/100060"),
            time.instant(),
            170000,
            SEGMENT,
            true,
            new MemberId("postgres", 0),
            ServerState.Role.PRIMARY,
            "label",
            Map.of(),
            Map.of(),
            0,
            List.of());
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      var chunks = List.of(writer.store(ByteBuffer.allocate(1000)));
      writer.add(
          new FileEntry("base", FileEntry.Kind.FILE, 0600, 1000, time.instant(), "", chunks));
      return writer.commit(facts.toMap()).id();
    }
  }

  private String pack() {
    return backend.keys().stream().filter(k -> k.startsWith("packs/")).findFirst().orElseThrow();
  }

  private byte[] bytes(String key) {
    try (InputStream in = backend.open(key, 0, Long.MAX_VALUE)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void put(String key, byte[] bytes) {
    backend.delete(key);
    backend.create(key, Body.of(bytes));
  }

  private record Held(VaultRepository vault, Clock clock) implements StoresInVault {
    @Override
    public WalInVault postgres(String datastore) {
      return new PostgresInVault(vault, datastore, clock);
    }

    @Override
    public RestorePoints redis(String datastore) {
      throw new UnsupportedOperationException();
    }

    @Override
    public dev.chrysalis.cassandra.control.RestorePoints cassandra(
        String datastore, Duration synced) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Time extends Clock {
    private Instant now = Instant.parse("2026-11-25T12:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
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
