package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.DirectoryBackend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands that look after a vault do to one in a directory, with no server near it.
class VaultCommandsTest {
  private static final int SEGMENT = 1 << 20;

  @TempDir private Path folder;
  private final List<SnapshotId> snapshots = new ArrayList<>();
  private Path stackFile = Path.of("");

  @BeforeEach
  void makeVault() throws IOException {
    Files.writeString(folder.resolve("passphrase"), "pupa\n");
    stackFile = stackFile("vault");
    DirectoryBackend place = DirectoryBackend.create(folder.resolve("vault"));
    Passphrase passphrase = Passphrase.of("pupa".toCharArray());
    VaultOptions options = VaultOptions.defaults();
    try (VaultRepository vault =
        VaultRepository.create(
            place, passphrase, new SecureRandom(), Clock.systemUTC(), options, 100)) {
      for (int segment = 1; segment < 12; segment++) {
        seal(vault, segment);
      }
    }
    // Two in one month, so that the first goes.
    ZonedDateTime old = ZonedDateTime.now(ZoneOffset.UTC).minusDays(300).withDayOfMonth(10);
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    for (ZonedDateTime at : List.of(old, old.plusDays(1), now.minusDays(40), now.minusDays(1))) {
      Clock clock = Clock.fixed(at.toInstant(), ZoneOffset.UTC);
      try (VaultRepository vault =
          VaultRepository.open(place, passphrase, new SecureRandom(), clock, options)) {
        snapshots.add(snapshot(vault, snapshots.size(), 2 + 2 * snapshots.size()));
      }
    }
  }

  private Path stackFile(String vault) throws IOException {
    return Files.writeString(
        folder.resolve("stack-" + vault + ".yaml"),
        """
        version: 1
        stack: butterfly
        platform:
          kind: process
          directory: %1$s/platform
        vault:
          location: file://%1$s/%2$s
          passphraseFile: %1$s/passphrase
        datastores:
          postgres:
            kind: postgresql
            backup:
              keep: {hourly: 0, daily: 0, weekly: 0, monthly: 12, within: 7d}
        """
            .formatted(folder, vault));
  }

  @Test
  void makesAVaultAndDrawsItsPassphraseAndLeavesBothAloneAfterwards() throws IOException {
    stackFile = stackFile("fresh");
    Path passphrase = folder.resolve("passphrase");
    Files.delete(passphrase);

    assertThat(run(0, "vault", "create")).contains("file:", "new, in " + passphrase);

    String drawn = Files.readString(passphrase);
    assertThat(drawn).matches("[0-9a-f]{48}\n");
    assertThat(Files.getPosixFilePermissions(passphrase))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(run(0, "vault", "copy", "--to", "file://" + folder + "/second"))
        .contains("1 objects");
    assertThat(run(11, "vault", "create")).contains("error CHR-", "hint: ");
    assertThat(passphrase).hasContent(drawn);
  }

  @Test
  void makesAVaultForAPassphraseThatIsThere() throws IOException {
    stackFile = stackFile("fresh");

    assertThat(run(0, "vault", "create")).contains("the one in");

    assertThat(Files.readString(folder.resolve("fresh/config"))).contains("600000");
  }

  private static void seal(VaultRepository vault, int segment) {
    long from = (long) segment * SEGMENT;
    vault
        .log(new LogName("postgres", "7/00000001"))
        .append(
            from,
            from + SEGMENT,
            ByteBuffer.allocate(SEGMENT),
            Map.of("segment", Integer.toString(SEGMENT), "last", "0/%X".formatted(from + 0xA0)));
  }

  private static SnapshotId snapshot(VaultRepository vault, int seed, int segment) {
    Map<String, String> facts = new HashMap<>();
    facts.put("systemIdentifier", "7");
    facts.put("startTimeline", "1");
    facts.put("startLsn", "0/%X".formatted(segment * SEGMENT + 0x28));
    facts.put("timeline", "1");
    facts.put("stopLsn", "0/%X".formatted(segment * SEGMENT + 0x100));
    facts.put("stoppedAt", "2026-11-23T02:15:30Z");
    facts.put("version", "170011");
    facts.put("segmentBytes", Integer.toString(SEGMENT));
    facts.put("pageChecksums", "true");
    facts.put("member", "postgres-0");
    facts.put("role", "primary");
    facts.put("label", "a label");
    facts.put("damagedPages", "0");
    facts.put("firstDamaged", "");
    byte[] content = new byte[20_000];
    new Random(seed).nextBytes(content);
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      List<Chunk> chunks = List.of(writer.store(ByteBuffer.wrap(content)));
      writer.add(
          new FileEntry(
              "base", FileEntry.Kind.FILE, 0600, content.length, Instant.EPOCH, "", chunks));
      return writer.commit(facts).id();
    }
  }

  @Test
  void provesARestorePointAndShowsTheProof() throws IOException {
    assertThat(run(0, "prove", "--sample", "50%")).contains("Nothing is damaged or missing");
    assertThat(run(0, "restore-points")).contains("verified 20").contains("(50%)");

    Path pack = packOf(snapshots.getFirst());
    byte[] bytes = Files.readAllBytes(pack);
    bytes[100] ^= 1;
    Files.write(pack, bytes);

    assertThat(run(14, "prove", snapshots.getFirst().toString()))
        .contains("packs/postgres/" + snapshots.getFirst())
        .contains("DAMAGED: 1 objects; 1 files");
    assertThat(run(0, "restore-points")).contains("NOT verified");
    assertThat(run(0, "prove", "-o", "json")).contains("\"intact\":true");
  }

  @Test
  void prunesByPolicyAndNothingBeforeItIsApproved() throws IOException {
    String dry = run(0, "prune", "--dry-run");
    assertThat(dry).containsPattern(snapshots.get(0) + ".*GOES");
    assertThat(dry).containsPattern(snapshots.get(1) + ".*stays.*monthly");
    assertThat(run(11, "prune")).contains("CHR-1006");
    assertThat(packOf(snapshots.getFirst())).exists();

    assertThat(run(0, "prune", "--approve")).contains("1 snapshots, 0 dead sessions, 1 packs");

    assertThat(run(0, "restore-points"))
        .doesNotContain(snapshots.getFirst().toString())
        .contains(snapshots.get(1).toString())
        .contains(snapshots.get(3).toString());
    for (SnapshotId kept : snapshots.subList(1, 4)) {
      assertThat(run(0, "prove", kept.toString())).contains("Nothing is damaged");
    }
    assertThat(run(0, "prune", "--dry-run", "-o", "json")).contains("\"snapshots\":0");
  }

  @Test
  void prunesTheSmallRecordsThatNobodyReadsAnyMore() {
    run(0, "prune", "--approve");
    String today =
        DateTimeFormatter.BASIC_ISO_DATE.format(ZonedDateTime.now(ZoneOffset.UTC).toLocalDate());
    String mark = "postgres/postgres/7/covered/%s/120000-00000001-postgres-0";
    List<String> spent =
        List.of(mark.formatted("20260101"), "lease/butterfly/beat/0000000000000001/0000000001");
    List<String> stay =
        List.of(mark.formatted(today), "lease/butterfly/beat/0000000000000002/0000000099");
    try (Vault vault = open()) {
      spent.forEach(key -> vault.records().create(key, new byte[] {1}));
      stay.forEach(key -> vault.records().create(key, new byte[] {1}));
    }

    // On a slow machine the first prune leaves signs of life of its own lease as well.
    assertThat(run(0, "prune", "--approve")).containsPattern("[2-9] small records");

    try (Vault vault = open()) {
      assertThat(spent).allSatisfy(key -> assertThat(vault.records().read(key)).isEmpty());
      assertThat(stay).allSatisfy(key -> assertThat(vault.records().read(key)).isPresent());
    }
  }

  private Vault open() {
    return VaultRepository.open(
        Backends.open(VaultLocation.parse("file://" + folder.resolve("vault"))),
        Passphrase.of("pupa".toCharArray()),
        Clock.systemUTC());
  }

  @Test
  void copiesTheVaultAndProvesTheCopy() throws IOException {
    String copy = "file://" + folder.resolve("copy");
    assertThat(run(0, "vault", "copy", "--to", copy)).contains("0 were there already");
    assertThat(run(0, "vault", "copy", "--to", copy)).contains("Copied 0 objects");
    assertThat(run(0, "vault", "check-copy", "--to", copy, "--sample", "100"))
        .contains("the copy lacks 0");
    assertThat(run(2, "vault", "copy", "--to", "file://" + folder.resolve("vault")))
        .contains("where the vault is");

    String original = run(0, "restore-points");
    stackFile = stackFile("copy");
    assertThat(run(0, "restore-points")).isEqualTo(original);
    assertThat(run(0, "prove")).contains("Nothing is damaged");
  }

  private Path packOf(SnapshotId snapshot) throws IOException {
    try (Stream<Path> packs = Files.list(folder.resolve("vault/packs/postgres/" + snapshot))) {
      return packs.findFirst().orElseThrow();
    }
  }

  private String run(int expected, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--stack", stackFile.toString()));
    int code;
    try (PrintStream told = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      code = Main.run(told, told, all.toArray(String[]::new));
    }
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(code).as(text).isEqualTo(expected);
    return text;
  }
}
