package dev.chrysalis.vault.pack;

import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.KeyRing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// The layout of a pack, byte by byte (`docs/format.md`).
final class PackFormat {
  static final int TAG_BYTES = 16;
  static final int ID_BYTES = 32;
  static final int ENTRY_BYTES = ID_BYTES + 12;
  static final int TRAILER_BYTES = 12;
  static final int MOST_STORED = SnapshotWriter.CHUNK_BYTES + TAG_BYTES;
  static final int MOST_BYTES = 32 << 20;

  private static final int MAGIC = 0x43485250;
  private static final int VERSION_AND_TYPE = 0x01000000 | 'P';
  private static final int FOOTER_NONCE = 1;

  private PackFormat() {}

  /// What a footer of so many entries takes, with the trailer.
  static int footerBytes(int entries) {
    return entries * ENTRY_BYTES + TAG_BYTES + TRAILER_BYTES;
  }

  static byte[] trailer(int footerLength) {
    return ByteBuffer.allocate(TRAILER_BYTES)
        .putInt(footerLength)
        .putInt(VERSION_AND_TYPE)
        .putInt(MAGIC)
        .array();
  }

  /// Writes the footer behind the chunks; the pack's size.
  static int writeFooter(
      KeyRing keys, String name, SecretKey key, byte[] pack, int used, ByteBuffer entries) {
    byte[] trailer = trailer(entries.remaining() + TAG_BYTES);
    try {
      Cipher cipher = footerCipher(Cipher.ENCRYPT_MODE, keys, name, key, used, trailer);
      int n =
          cipher.doFinal(
              entries.array(),
              entries.arrayOffset() + entries.position(),
              entries.remaining(),
              pack,
              used);
      System.arraycopy(trailer, 0, pack, used + n, TRAILER_BYTES);
      return used + n + TRAILER_BYTES;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  /// The length of the footer, by the pack's last bytes.
  static int footerLength(String name, byte[] trailer, long packSize) {
    int length = ByteBuffer.wrap(trailer).getInt();
    boolean possible =
        length >= TAG_BYTES
            && length <= packSize - TRAILER_BYTES
            && (length - TAG_BYTES) % ENTRY_BYTES == 0;
    if (!possible || !Arrays.equals(trailer, trailer(length))) {
      throw Damage.damaged(name, "it does not end like a pack");
    }
    return length;
  }

  /// The entries in a footer; `OBJECT_DAMAGED` where it is not authentic.
  static ByteBuffer readFooter(KeyRing keys, String name, long packSize, byte[] footer) {
    long offset = packSize - TRAILER_BYTES - footer.length;
    try {
      Cipher cipher =
          footerCipher(
              Cipher.DECRYPT_MODE, keys, name, keys.packKey(name), offset, trailer(footer.length));
      return ByteBuffer.wrap(cipher.doFinal(footer));
    } catch (AEADBadTagException e) {
      throw Damage.damaged(name, "its footer is not authentic", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  private static Cipher footerCipher(
      int mode, KeyRing keys, String name, SecretKey key, long offset, byte[] trailer)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    byte[] nonce = ByteBuffer.allocate(12).putInt(FOOTER_NONCE).putLong(offset).array();
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD(keys.vaultId());
    cipher.updateAAD(new byte[] {'F'});
    cipher.updateAAD(trailer);
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
