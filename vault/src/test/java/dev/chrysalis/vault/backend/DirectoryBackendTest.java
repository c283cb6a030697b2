package dev.chrysalis.vault.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend.Created;
import dev.chrysalis.vault.backend.Backend.Listed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryBackendTest extends BackendContract {
  @TempDir private Path scratch;

  @Override
  protected ErasingBackend emptyBackend() {
    return DirectoryBackend.create(root());
  }

  private Path root() {
    return scratch.resolve("vault");
  }

  private DirectoryBackend directory() {
    return (DirectoryBackend) backend();
  }

  @Test
  void aMissingDirectoryIsABadLocation() {
    assertFails(VaultErrors.BAD_LOCATION, () -> DirectoryBackend.at(scratch.resolve("none")));
    assertFails(
        VaultErrors.BAD_LOCATION, () -> DirectoryBackend.create(scratch.resolve("none/vault")));
    assertThat(scratch.resolve("none")).doesNotExist();
  }

  @Test
  void aFileIsABadLocation() throws IOException {
    Path file = Files.createFile(scratch.resolve("file"));
    assertFails(VaultErrors.BAD_LOCATION, () -> DirectoryBackend.at(file));
    assertFails(VaultErrors.BAD_LOCATION, () -> DirectoryBackend.create(file));
  }

  @Test
  void anotherBackendOnTheSameDirectorySeesTheSameObjects() {
    backend().create("a/b", text("x"));
    try (Backend other = DirectoryBackend.at(root())) {
      assertThat(other.size("a/b")).hasValue(1);
      assertThat(other.create("a/b", text("y"))).isEqualTo(Created.EXISTS);
    }
  }

  @Test
  void everythingThatIsMadeIsPrivateAndNoTemporaryStays() throws IOException {
    backend().create("a/b", text("x"));
    assertThat(mode(root())).isEqualTo("rwx------");
    assertThat(mode(root().resolve("a"))).isEqualTo("rwx------");
    assertThat(mode(root().resolve("~tmp"))).isEqualTo("rwx------");
    assertThat(mode(root().resolve("a/b"))).isEqualTo("rw-------");
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void aFailedBodyLeavesNoTemporary() throws IOException {
    assertFails(
        VaultErrors.BODY_UNREADABLE,
        () -> backend().create("a", new PatternBody(300_000, 1).failingAfter(200_000)));
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void temporariesOfDeadProcessesAreNotListedAndCanBeRemoved() throws IOException {
    backend().create("a", text("x"));
    Instant now = Instant.parse("2026-11-23T03:00:00Z");
    temporary("old", now.minusSeconds(7200));
    temporary("young", now);
    assertThat(backend().list("").map(Backend.Listed::key)).containsExactly("a");
    assertThat(directory().removeTemporaries(now.minusSeconds(3600))).isEqualTo(1);
    assertThat(temporaries()).containsExactly("young");
  }

  @Test
  void symbolicLinksAreNotFollowed() throws IOException {
    Path outside = Files.createDirectory(scratch.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "s");
    backend().create("a/real", text("x"));
    Files.createSymbolicLink(root().resolve("a/link"), outside.resolve("secret"));
    Files.createSymbolicLink(root().resolve("out"), outside);
    assertThat(backend().list("").map(Backend.Listed::key)).containsExactly("a/real");
    assertThat(backend().list("out/")).isEmpty();
    assertThat(backend().size("a/link")).isEmpty();
    assertThat(backend().size("out/secret")).isEmpty();
    assertFails(VaultErrors.OBJECT_MISSING, () -> backend().open("out/secret", 0, 1));
    assertFails(VaultErrors.BAD_KEY, () -> backend().create("a/link", text("y")));
    assertFails(VaultErrors.BAD_KEY, () -> backend().create("out/new", text("y")));
    backend().delete("out/secret");
    assertThat(outside)
        .isDirectoryContaining("glob:**/secret")
        .isDirectoryNotContaining("glob:**/new");
  }

  @Test
  void aKeyUnderAnotherIsRefusedBothWays() {
    backend().create("a", text("x"));
    backend().create("b/c", text("x"));
    assertFails(VaultErrors.BAD_KEY, () -> backend().create("a/b", text("x")));
    assertFails(VaultErrors.BAD_KEY, () -> backend().create("b", text("x")));
  }

  @Test
  void foldersThatWereRemovedByHandAreMadeAgain() throws IOException {
    backend().create("a/b/c", text("x"));
    backend().delete("a/b/c");
    Files.delete(root().resolve("a/b"));
    Files.delete(root().resolve("a"));
    assertFails(VaultErrors.UNREACHABLE, () -> backend().create("a/b/c", text("y")));
    assertThat(backend().create("a/b/c", text("y"))).isEqualTo(Created.NEW);
  }

  @Test
  void aDirectoryThatGoesAwayInTheMiddleOfAListingIsAnErrorAndNotItsEnd() throws IOException {
    for (String folder : List.of("a", "b", "c", "d")) {
      backend().create(folder + "/object", text("x"));
    }
    Iterator<Listed> listing = backend().list("").iterator();
    assertThat(listing.next().key()).isEqualTo("a/object");
    Files.move(root(), scratch.resolve("moved"));
    assertFails(
        VaultErrors.UNREACHABLE,
        () -> {
          listing.forEachRemaining(_ -> {});
          return "the end";
        });
  }

  @Test
  void aDirectoryThatWasReplacedIsNotAnEmptyVault() throws IOException {
    backend().create("a", text("x"));
    Files.move(root(), scratch.resolve("moved"));
    assertFails(VaultErrors.UNREACHABLE, () -> backend().size("a"));
    Files.createDirectory(root());
    assertFails(VaultErrors.UNREACHABLE, () -> backend().size("a"));
    assertFails(VaultErrors.UNREACHABLE, () -> backend().open("a", 0, 1));
    assertFails(VaultErrors.UNREACHABLE, () -> backend().list(""));
    assertFails(VaultErrors.UNREACHABLE, () -> backend().create("b", text("x")));
    assertThat(root()).isEmptyDirectory();
  }

  @Test
  void anInterruptedThreadIsToldSoAndLeavesNothing() throws IOException {
    backend().create("z", text("x"));
    Thread.currentThread().interrupt();
    assertFails(VaultErrors.INTERRUPTED, () -> backend().create("a", text("x")));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(backend().size("a")).isEmpty();
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void whatRootCreatesBelongsToTheOwnerOfTheVault() throws IOException {
    assumeTrue(id(scratch, "unix:uid") == 0, "only root can give files away");
    Path shared = Files.createDirectory(scratch.resolve("shared"));
    Files.setAttribute(shared, "unix:uid", 65534);
    Files.setAttribute(shared, "unix:gid", 65533);
    try (Backend vault = DirectoryBackend.at(shared)) {
      vault.create("a/b/c", text("x"));
    }
    for (String made : List.of("a", "a/b", "a/b/c", "~tmp")) {
      assertThat(id(shared.resolve(made), "unix:uid")).as(made).isEqualTo(65534);
      assertThat(id(shared.resolve(made), "unix:gid")).as(made).isEqualTo(65533);
    }
  }

  private void temporary(String name, Instant written) throws IOException {
    Path file = Files.write(root().resolve("~tmp").resolve(name), "half".getBytes(UTF_8));
    Files.setLastModifiedTime(file, FileTime.from(written));
  }

  private List<String> temporaries() throws IOException {
    try (Stream<Path> files = Files.list(root().resolve("~tmp"))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static int id(Path path, String attribute) throws IOException {
    return (Integer) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
  }
}
