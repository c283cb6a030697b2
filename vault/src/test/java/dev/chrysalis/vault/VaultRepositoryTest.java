package dev.chrysalis.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.Fault;
import dev.chrysalis.vault.backend.FaultyBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.ScriptedFault;
import dev.chrysalis.vault.backend.ScriptedFault.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultRepositoryTest {
  private final MemoryBackend backend = new MemoryBackend();

  @Test
  void aSecondVaultInTheSamePlaceIsRefused() {
    VaultFixture.create(backend);
    assertCode(VaultErrors.VAULT_EXISTS, () -> VaultFixture.create(backend));
  }

  @Test
  void ofTwoThatCreateAtOnceOneIsRefused() {
    VaultFixture.create(backend);
    FaultyBackend blind =
        new FaultyBackend(
            backend, ScriptedFault.on(Operation.SIZE, new Fault.Hides()).atKey("config").nth(1));
    assertCode(VaultErrors.VAULT_EXISTS, () -> VaultFixture.create(blind));
    blind.assertAllFired();
  }

  @Test
  void whereNothingIsThereIsNoVault() {
    assertCode(VaultErrors.NO_VAULT, () -> VaultFixture.open(backend));
  }

  @Test
  void aWrongPassphraseTouchesNothing() {
    VaultFixture.create(backend);
    List<String> before = backend.keys();
    FaultyBackend readOnly =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.CREATE, Fault.noSpace()).always(),
            ScriptedFault.on(Operation.DELETE, Fault.noSpace()).always());
    Passphrase wrong = Passphrase.of("wrong horse".toCharArray());
    assertCode(
        VaultErrors.WRONG_PASSPHRASE,
        () -> VaultRepository.open(readOnly, wrong, VaultFixture.CLOCK));
    assertThat(readOnly.fired()).isZero();
    assertThat(backend.keys()).isEqualTo(before);
  }

  @Test
  void aNewerFormatIsRefused() throws Exception {
    String body = "{\"format\":2,\"something\":\"new\"";
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
    String config = body + ",\"sum\":\"" + HexFormat.of().formatHex(digest) + "\"}";
    backend.create("config", Body.of(config.getBytes(StandardCharsets.UTF_8)));
    assertCode(VaultErrors.FORMAT_TOO_NEW, () -> VaultFixture.open(backend));
  }

  @Test
  void thePassphraseIsNowhereInTheVault() throws IOException {
    VaultFixture.create(backend);
    try (var in = backend.open("config", 0, 10_000)) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("{\"format\":1,\"vault\":\"")
          .doesNotContain("horse");
    }
  }

  @Test
  void aPassphraseIsTheFirstLineOfAFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("passphrase");
    Files.writeString(file, "correct hörse\r\nsecond line\n");
    try (Passphrase passphrase = Passphrase.ofFile(file)) {
      assertThat(passphrase.chars()).isEqualTo("correct hörse".toCharArray());
      assertThat(passphrase).hasToString("Passphrase[hidden]");
    }
    Files.writeString(file, "\nsecond\n");
    assertCode(VaultErrors.NO_PASSPHRASE, () -> Passphrase.ofFile(file));
    assertCode(VaultErrors.NO_PASSPHRASE, () -> Passphrase.ofFile(directory.resolve("none")));
  }

  @Test
  void aPassphraseIsTheValueOfAVariable() {
    Passphrase passphrase = Passphrase.ofVariable(Map.of("P", "secret"), "P");
    assertThat(passphrase.chars()).isEqualTo("secret".toCharArray());
    passphrase.close();
    assertThatThrownBy(passphrase::chars).isInstanceOf(IllegalStateException.class);
    assertCode(VaultErrors.NO_PASSPHRASE, () -> Passphrase.ofVariable(Map.of(), "P"));
  }

  private static void assertCode(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(ChrysalisException.class)
        .extracting(e -> ((ChrysalisException) e).code())
        .isEqualTo(code);
  }
}
