package dev.chrysalis.postgres.agent.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.StoredDamage;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Damage in a real vault stops the WAL that a restored server asks for before a wrong byte is
/// handed out, whatever kind of damage it is and whichever piece of the segment it hits.
class DamagedWalTest {
  private static final int CASES_OF_A_KIND = 60;
  private static final int SEGMENT = 1 << 20;
  private static final int PIECE = SEGMENT / 8;
  private static final long SYSTEM = 7;
  private static final WalSegment WANTED = new WalSegment(2, 2);

  private final MemoryBackend backend = new MemoryBackend();
  private final byte[] content = new byte[4 * SEGMENT];

  DamagedWalTest() {
    try (Vault vault =
        VaultRepository.create(
            backend,
            passphrase(),
            new SecureRandom(),
            Clock.systemUTC(),
            VaultOptions.defaults(),
            10)) {
      ship(vault, 1);
      ship(vault, 2);
    }
  }

  private static Passphrase passphrase() {
    return Passphrase.of("pupa".toCharArray());
  }

  private void ship(Vault vault, int timeline) {
    new Random(timeline).nextBytes(content);
    for (int at = SEGMENT; at < content.length; at += PIECE) {
      Object _ =
          vault
              .log(WalNames.log("postgres", SYSTEM, timeline))
              .append(
                  at,
                  at + PIECE,
                  ByteBuffer.wrap(content, at, PIECE),
                  Map.of("segment", Integer.toString(SEGMENT)));
    }
  }

  @Test
  void anUndamagedSegmentIsBrought() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    bring(backend, out);

    assertThat(out.toByteArray()).isEqualTo(wanted());
  }

  @Test
  void everyKindOfDamageIsRefusedByNameAndNoByteOfItIsHandedOut() {
    for (StoredDamage kind : StoredDamage.values()) {
      for (int seed = 0; seed < CASES_OF_A_KIND; seed++) {
        Random random = new Random(seed);
        String key = pieces(2).get(SEGMENT / PIECE + random.nextInt(SEGMENT / PIECE));
        int length = StoredDamage.bytes(backend, key).length;
        MemoryBackend damaged = backend.copy();
        List<String> others = pieces(2).stream().filter(k -> !k.equals(key)).toList();
        List<String> hit =
            kind.hit(damaged, key, random.nextInt(length), others, pieces(1), random);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String what = "seed " + seed + ": " + kind + " " + key;

        assertThatThrownBy(() -> bring(damaged, out))
            .as(what)
            .isInstanceOfSatisfying(ChrysalisException.class, e -> assertNames(hit, e));
        byte[] handedOut = out.toByteArray();
        assertThat(handedOut).as(what).isEqualTo(Arrays.copyOf(wanted(), handedOut.length));
      }
    }
  }

  private static void assertNames(List<String> hit, ChrysalisException e) {
    assertThat(e.code().category()).isEqualTo(Category.DAMAGED);
    assertThat(hit).as(e.getMessage()).anyMatch(String.valueOf(e.getMessage())::contains);
  }

  /// The pieces of a timeline, in order, without what stands for the time before them.
  private List<String> pieces(int timeline) {
    return backend.keys().stream()
        .filter(k -> k.startsWith("log/postgres/7/0000000" + timeline + "/"))
        .filter(k -> !k.endsWith("/0000000000000000.piece"))
        .sorted()
        .toList();
  }

  private byte[] wanted() {
    return Arrays.copyOfRange(content, 2 * SEGMENT, 3 * SEGMENT);
  }

  private static void bring(MemoryBackend from, ByteArrayOutputStream out) {
    try (Vault vault =
        VaultRepository.open(
            from, passphrase(), new SecureRandom(), Clock.systemUTC(), VaultOptions.defaults())) {
      SegmentAnswer answer =
          new WalArchive(vault, "postgres").assembleSegment(SYSTEM, WANTED, SEGMENT, out);
      assertThat(answer).isInstanceOf(SegmentAnswer.Whole.class);
    }
  }
}
