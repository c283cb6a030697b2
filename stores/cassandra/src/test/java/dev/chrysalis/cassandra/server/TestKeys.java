package dev.chrysalis.cassandra.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A key store with one key and its certificate, which is what there is to trust as well.
public final class TestKeys {
  private TestKeys() {}

  /// @param name of whom the certificate is
  public static void make(Path store, String name) throws IOException {
    keytool(
        store,
        List.of(
            "-genkeypair",
            "-alias",
            "node",
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + name,
            "-ext",
            "SAN=ip:" + name,
            "-storetype",
            "PKCS12"));
  }

  /// A store with a secret key for AES, as Cassandra's own provider of keys reads it.
  static void makeSecret(Path store, String alias) throws IOException {
    keytool(
        store,
        List.of(
            "-genseckey",
            "-alias",
            alias,
            "-keyalg",
            "AES",
            "-keysize",
            "128",
            "-storetype",
            "JCEKS"));
  }

  private static void keytool(Path store, List<String> words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(words);
    command.addAll(
        List.of(
            "-keystore",
            store.toString(),
            "-storepass",
            TestNode.KEY_STORE_PASSWORD,
            "-keypass",
            TestNode.KEY_STORE_PASSWORD));
    Process keytool = new ProcessBuilder(command).inheritIO().start();
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    ServerProgram.own(store);
  }

  /// What trusts it.
  static SSLContext trusting(Path store) {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, TestNode.KEY_STORE_PASSWORD.toCharArray());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(keys);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
