package dev.chrysalis.vault.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class DirectoryErrorsTest {
  private static final Path PLACE = Path.of("/");

  @ParameterizedTest
  @MethodSource("errors")
  void whatTheFileSystemSaysIsSaidInTheVaultsWords(IOException error, ErrorCode expected) {
    ChrysalisException said = DirectoryErrors.of("could not create", PLACE, error);
    assertThat(said.code()).isEqualTo(expected);
    assertThat(said.getMessage()).startsWith("could not create /: ");
    assertThat(said.hint()).isNotBlank();
    assertThat(said).hasCause(error);
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(new AccessDeniedException("/a"), VaultErrors.ACCESS_DENIED),
        Arguments.of(because("Operation not permitted"), VaultErrors.ACCESS_DENIED),
        Arguments.of(because("Read-only file system"), VaultErrors.ACCESS_DENIED),
        Arguments.of(because("No space left on device"), VaultErrors.NO_SPACE),
        Arguments.of(new IOException("No space left on device"), VaultErrors.NO_SPACE),
        Arguments.of(because("Disk quota exceeded"), VaultErrors.NO_SPACE),
        Arguments.of(because("Not a directory"), VaultErrors.BAD_KEY),
        Arguments.of(because("Stale file handle"), VaultErrors.UNREACHABLE),
        Arguments.of(new IOException("Input/output error"), VaultErrors.UNREACHABLE),
        Arguments.of(new BodyStream.Failed(new IOException("x")), VaultErrors.BODY_UNREADABLE),
        Arguments.of(new ClosedByInterruptException(), VaultErrors.INTERRUPTED));
  }

  private static IOException because(String reason) {
    return new FileSystemException("/a", null, reason);
  }
}
