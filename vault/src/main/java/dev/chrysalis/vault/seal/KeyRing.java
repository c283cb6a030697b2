package dev.chrysalis.vault.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The keys of an open vault. Safe for many threads.
public final class KeyRing {
  private static final int KEY_BYTES = 32;

  private final byte[] vaultId;
  private final SecretKey chunkIds;
  private final SecretKey packs;
  private final SecretKey objects;

  KeyRing(byte[] vaultId, SecretKey master) {
    this.vaultId = vaultId.clone();
    this.chunkIds = expand(master, utf8("chrysalis/1/chunk-id"), "HmacSHA256");
    this.packs = expand(master, utf8("chrysalis/1/pack"), "Generic");
    this.objects = expand(master, utf8("chrysalis/1/object"), "Generic");
  }

  /// The vault's name, 16 bytes, part of what every object authenticates.
  public byte[] vaultId() {
    return vaultId.clone();
  }

  /// A new authenticator that turns content into chunk ids; for one thread at a time.
  public Mac chunkMac() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(chunkIds);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("the JDK lacks HMAC-SHA256", e);
    }
  }

  /// The key of the pack of that name.
  public SecretKey packKey(String name) {
    return expand(packs, utf8(name), "AES");
  }

  /// The key of one sealed object.
  SecretKey objectKey(byte[] salt, ObjectType type, String name) {
    byte[] text = utf8(name);
    byte[] info = new byte[salt.length + 1 + text.length];
    System.arraycopy(salt, 0, info, 0, salt.length);
    info[salt.length] = type.code();
    System.arraycopy(text, 0, info, salt.length + 1, text.length);
    return expand(objects, info, "AES");
  }

  private static SecretKey expand(SecretKey from, byte[] info, String algorithm) {
    try {
      byte[] key =
          KDF.getInstance("HKDF-SHA256")
              .deriveData(HKDFParameterSpec.expandOnly(from, info, KEY_BYTES));
      return new SecretKeySpec(key, algorithm);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks HKDF-SHA256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
