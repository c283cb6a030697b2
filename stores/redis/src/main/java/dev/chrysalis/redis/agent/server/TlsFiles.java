package dev.chrysalis.redis.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Makes a TLS context of PEM files. As with `redis-cli` a certificate must be signed by one that
/// is trusted; whose name it carries does not matter, since members are called by address.
final class TlsFiles {
  private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA");

  private TlsFiles() {}

  /// The context. `BAD_SETTING` where a file cannot be read or is something else.
  static SSLContext context(RedisServer.Tls tls) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(keyStore(tls), new char[0]);
      TrustManagerFactory trusted =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trusted.init(trustStore(tls));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new ChrysalisException(
          RedisErrors.BAD_SETTING,
          "cannot use the TLS files " + tls + ": " + e,
          "give PEM files that the agent can read; the key as PKCS#8 (openssl pkcs8 -topk8 -nocrypt)",
          e);
    }
  }

  private static @Nullable KeyStore trustStore(RedisServer.Tls tls)
      throws GeneralSecurityException, IOException {
    if (tls.certificates().isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    int n = 0;
    for (Certificate certificate : certificates(tls.certificates().get())) {
      store.setCertificateEntry("trusted-" + n++, certificate);
    }
    return store;
  }

  private static KeyStore keyStore(RedisServer.Tls tls)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    if (tls.key().isPresent() && tls.certificate().isPresent()) {
      Certificate[] chain = certificates(tls.certificate().get()).toArray(Certificate[]::new);
      store.setKeyEntry("own", key(tls.key().get()), new char[0], chain);
    }
    return store;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
    String text = Files.readString(file);
    int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
    int end = text.indexOf("-----END PRIVATE KEY-----");
    if (begin < 0 || end < begin) {
      throw new InvalidKeySpecException(file + " holds no PKCS#8 key in the clear");
    }
    String body = text.substring(begin, end).replaceFirst("-----BEGIN PRIVATE KEY-----", "");
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
    for (String kind : KEY_KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // The file does not say which kind it is: the next.
      }
    }
    throw new InvalidKeySpecException(file + " holds a key that is none of " + KEY_KINDS);
  }
}
