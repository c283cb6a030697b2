package dev.chrysalis.vault.seal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.VaultErrors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// The object `config`: one line of clear JSON with the master key in it, wrapped by the
/// passphrase.
public final class VaultConfig {
  public static final String KEY = "config";
  public static final int FORMAT = 1;

  private static final int MOST_ITERATIONS = 100_000_000;
  private static final String SUM_MARK = ",\"sum\":\"";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HexFormat HEX = HexFormat.of();

  private final String text;
  private final byte[] vaultId;
  private final String created;
  private final int iterations;
  private final byte[] salt;
  private final byte[] nonce;
  private final byte[] wrapped;

  private VaultConfig(
      byte[] vaultId, String created, int iterations, byte[] salt, byte[] nonce, byte[] wrapped) {
    this.vaultId = vaultId;
    this.created = created;
    this.iterations = iterations;
    this.salt = salt;
    this.nonce = nonce;
    this.wrapped = wrapped;
    String body =
        authenticated(vaultId, created, iterations, salt)
            + ",\"nonce\":\""
            + HEX.formatHex(nonce)
            + "\",\"wrapped\":\""
            + HEX.formatHex(wrapped)
            + "\"";
    this.text = body + SUM_MARK + sum(body) + "\"}";
  }

  /// Makes a new vault's configuration.
  public static VaultConfig create(
      Passphrase passphrase, int iterations, SecureRandom random, Clock clock) {
    byte[] vaultId = random(random, 16);
    byte[] salt = random(random, 16);
    byte[] nonce = random(random, 12);
    byte[] master = random(random, 32);
    String created = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    try {
      Cipher cipher =
          cipher(
              Cipher.ENCRYPT_MODE,
              wrappingKey(passphrase, salt, iterations),
              nonce,
              authenticated(vaultId, created, iterations, salt));
      return new VaultConfig(vaultId, created, iterations, salt, nonce, cipher.doFinal(master));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    } finally {
      Arrays.fill(master, (byte) 0);
    }
  }

  /// Reads a configuration. The checksum is looked at first, then the format, then the rest.
  public static VaultConfig parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int mark = text.lastIndexOf(SUM_MARK);
    if (mark < 0 || !text.equals(text.substring(0, mark) + ending(text.substring(0, mark)))) {
      throw Damage.damaged(KEY, "its checksum does not match");
    }
    JsonNode json = json(text);
    int format = json.path("format").asInt();
    if (format > FORMAT) {
      throw new ChrysalisException(
          VaultErrors.FORMAT_TOO_NEW,
          "the vault has format " + format + ", this program knows up to " + FORMAT,
          "use a newer chrysalis");
    }
    VaultConfig config = of(json);
    if (!config.text.equals(text)) {
      throw Damage.damaged(KEY, "it holds something else than format " + FORMAT + " says");
    }
    return config;
  }

  public byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The vault's keys; `WRONG_PASSPHRASE` where the passphrase does not unwrap them.
  public KeyRing unlock(Passphrase passphrase) {
    String aad = authenticated(vaultId, created, iterations, salt);
    try {
      SecretKey key = wrappingKey(passphrase, salt, iterations);
      byte[] master = cipher(Cipher.DECRYPT_MODE, key, nonce, aad).doFinal(wrapped);
      KeyRing keys = new KeyRing(vaultId, new SecretKeySpec(master, "Generic"));
      Arrays.fill(master, (byte) 0);
      return keys;
    } catch (AEADBadTagException e) {
      throw new ChrysalisException(
          VaultErrors.WRONG_PASSPHRASE,
          "the passphrase does not open this vault",
          "check the passphrase file or variable; without the right one nothing can be read",
          e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  private static VaultConfig of(JsonNode json) {
    try {
      int iterations = json.path("iterations").asInt();
      if (iterations < 1 || iterations > MOST_ITERATIONS) {
        throw Damage.damaged(KEY, "an impossible number of iterations: " + iterations);
      }
      String created = json.path("created").asText();
      return new VaultConfig(
          HEX.parseHex(json.path("vault").asText()),
          Instant.parse(created).toString(),
          iterations,
          HEX.parseHex(json.path("salt").asText()),
          HEX.parseHex(json.path("nonce").asText()),
          HEX.parseHex(json.path("wrapped").asText()));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw Damage.damaged(KEY, "a member is not what it should be", e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw Damage.damaged(KEY, "it is no JSON", e);
    }
  }

  private static String authenticated(byte[] vaultId, String created, int iterations, byte[] salt) {
    return "{\"format\":"
        + FORMAT
        + ",\"vault\":\""
        + HEX.formatHex(vaultId)
        + "\",\"created\":\""
        + created
        + "\",\"kdf\":\"PBKDF2-HMAC-SHA256\",\"iterations\":"
        + iterations
        + ",\"salt\":\""
        + HEX.formatHex(salt)
        + "\"";
  }

  private static String ending(String body) {
    return SUM_MARK + sum(body) + "\"}";
  }

  private static String sum(String body) {
    try {
      byte[] text = body.getBytes(StandardCharsets.UTF_8);
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK lacks SHA-256", e);
    }
  }

  private static SecretKey wrappingKey(Passphrase passphrase, byte[] salt, int iterations)
      throws GeneralSecurityException {
    char[] chars = passphrase.chars();
    PBEKeySpec spec = new PBEKeySpec(chars, salt, iterations, 256);
    try {
      SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
      return new SecretKeySpec(factory.generateSecret(spec).getEncoded(), "AES");
    } finally {
      spec.clearPassword();
      Arrays.fill(chars, '\0');
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String aad)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(128, nonce));
    cipher.updateAAD(ByteBuffer.wrap(aad.getBytes(StandardCharsets.UTF_8)));
    return cipher;
  }

  private static byte[] random(SecureRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
