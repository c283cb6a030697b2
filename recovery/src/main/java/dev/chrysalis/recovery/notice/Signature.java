package dev.chrysalis.recovery.notice;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs what a webhook gets, by the rules of Standard Webhooks: HMAC-SHA256 over
/// `ID.TIMESTAMP.BODY`, so that the receiver knows who sent it, that it is whole, and that it is
/// not an old one sent again. Libraries that check it exist for most languages.
final class Signature {
  private static final String ENCODED = "whsec_";

  private Signature() {}

  /// @param secret a file with the key's text, or with `whsec_` and the key in base64
  static Map<String, String> headers(SecretFile secret, String id, Instant now, String body) {
    String seconds = Long.toString(now.getEpochSecond());
    byte[] signed = (id + "." + seconds + "." + body).getBytes(StandardCharsets.UTF_8);
    return Map.of(
        "webhook-id",
        id,
        "webhook-timestamp",
        seconds,
        "webhook-signature",
        "v1," + Base64.getEncoder().encodeToString(hmac(key(secret), signed)));
  }

  private static byte[] key(SecretFile file) {
    String secret = file.read();
    if (!secret.startsWith(ENCODED)) {
      return secret.getBytes(StandardCharsets.UTF_8);
    }
    try {
      byte[] key = Base64.getDecoder().decode(secret.substring(ENCODED.length()));
      if (key.length > 0) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // Its message may hold parts of the key.
      throw file.unusable("begins with whsec_, and what follows is no base64");
    }
    throw file.unusable("holds no key behind whsec_");
  }

  private static byte[] hmac(byte[] key, byte[] signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
