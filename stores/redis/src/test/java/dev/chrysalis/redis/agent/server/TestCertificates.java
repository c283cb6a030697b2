package dev.chrysalis.redis.agent.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A certificate that signs itself, with its key, as PEM files: made by the JDK's `keytool`.
///
/// @param authority who is trusted: itself
record TestCertificates(Path authority, Path certificate, Path key) {
  private static final String PASSWORD = "only-for-tests";

  static TestCertificates in(Path folder) throws IOException, InterruptedException {
    Path store = folder.resolve("store.p12");
    run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "redis",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-dname",
            "CN=redis",
            "-ext",
            "bc=ca:true",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD));
    try {
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      Path certificate =
          pem(
              folder.resolve("redis.crt"),
              "CERTIFICATE",
              keys.getCertificate("redis").getEncoded());
      Path key =
          pem(
              folder.resolve("redis.key"),
              "PRIVATE KEY",
              keys.getKey("redis", PASSWORD.toCharArray()).getEncoded());
      return new TestCertificates(certificate, certificate, key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path pem(Path file, String kind, byte[] content) throws IOException {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return Files.writeString(
        file,
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
            .formatted(kind, lines.encodeToString(content)));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool: " + said);
    }
  }
}
