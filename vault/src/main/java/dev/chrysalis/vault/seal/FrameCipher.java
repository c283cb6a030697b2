package dev.chrysalis.vault.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Encrypts and decrypts the frames of one sealed object. For one thread at a time.
final class FrameCipher {
  static final int HEADER_BYTES = 24;
  static final int SALT_BYTES = 16;
  static final int FRAME_HEADER_BYTES = 8;
  static final int TAG_BYTES = 16;
  static final int CONTENT_BYTES = 1 << 20;
  static final int LAST = 1 << 31;
  static final int ZSTD = 1 << 30;
  static final int MAGIC = 0x43485253;
  static final byte VERSION = 1;

  private final Cipher cipher;
  private final SecretKey key;
  private final byte[] vaultId;
  private final byte[] header;
  private final byte[] name;

  FrameCipher(KeyRing keys, ObjectType type, String name, byte[] header) {
    byte[] salt = new byte[SALT_BYTES];
    System.arraycopy(header, HEADER_BYTES - SALT_BYTES, salt, 0, SALT_BYTES);
    this.key = keys.objectKey(salt, type, name);
    this.vaultId = keys.vaultId();
    this.header = header.clone();
    this.name = name.getBytes(StandardCharsets.UTF_8);
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks AES-GCM", e);
    }
  }

  static byte[] header(ObjectType type, byte[] salt) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .putInt(MAGIC)
        .put(VERSION)
        .put(type.code())
        .putShort((short) 0)
        .put(salt)
        .array();
  }

  byte[] encrypt(long frame, byte[] frameHeader, byte[] content, int length) {
    try {
      begin(Cipher.ENCRYPT_MODE, frame, frameHeader);
      return cipher.doFinal(content, 0, length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  byte[] decrypt(long frame, byte[] frameHeader, byte[] stored) throws AEADBadTagException {
    try {
      begin(Cipher.DECRYPT_MODE, frame, frameHeader);
      return cipher.doFinal(stored);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  private void begin(int mode, long frame, byte[] frameHeader) throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(frame).array();
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD(vaultId);
    cipher.updateAAD(header);
    cipher.updateAAD(ByteBuffer.allocate(8).putLong(0, frame));
    cipher.updateAAD(frameHeader);
    cipher.updateAAD(name);
  }
}
