package dev.chrysalis.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cli.command.CheckCommand.Line;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.backend.ObjectLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `check` says of a vault's lock.
class LockLinesTest {
  private static final Instant NOW = Instant.parse("2026-11-26T02:15:30Z");
  private static final Optional<ObjectLock> MONTH =
      Optional.of(new ObjectLock(ObjectLock.Mode.COMPLIANCE, 30));
  private static final ObjectLocks.Place LOCKING =
      new ObjectLocks.Place(true, true, Optional.empty());

  @TempDir private Path folder;

  /// A bucket that says what the test wants, and its first object.
  private record Bucket(Optional<ObjectLock> declared, Place place, Optional<Instant> held)
      implements ObjectLocks {
    @Override
    public Optional<Instant> heldUntil(String key) {
      return held;
    }

    @Override
    public void hold(String key, Instant until) {
      throw new AssertionError("a check changes nothing");
    }

    @Override
    public void close() {}
  }

  private List<Line> lines(ObjectLocks locks) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("stack.yaml"),
            """
            version: 1
            stack: butterfly
            platform: {kind: process, directory: /srv/platform}
            vault: {location: "s3://butterfly", passphraseFile: /etc/passphrase}
            datastores:
              postgres:
                kind: postgresql
                backup: {keep: {within: 7d}}
            """);
    Stack stack = StackFile.load(file);
    return LockLines.of(stack, locks, NOW);
  }

  private static Optional<Instant> in(int days) {
    return Optional.of(NOW.plus(Duration.ofDays(days)));
  }

  @Test
  void aLockThatHoldsIsSaidWithItsEnd() throws IOException {
    assertThat(lines(new Bucket(MONTH, LOCKING, in(12))))
        .singleElement()
        .satisfies(line -> assertThat(line.good()).isTrue())
        .satisfies(line ->
            assertThat(line.seen()).contains("compliance:30d", "until 2026-12-08T02:15:30Z"));
  }

  @Test
  void aBucketThatCannotLockOrKeepsNoVersionsIsAFault() throws IOException {
    assertFault(
        lines(new Bucket(MONTH, new ObjectLocks.Place(true, false, Optional.empty()), in(12))),
        "does not lock objects");
    assertFault(
        lines(new Bucket(MONTH, new ObjectLocks.Place(false, true, Optional.empty()), in(12))),
        "keeps no versions");
  }

  @Test
  void aDeclaredLockThatHoldsNothingIsAFault() throws IOException {
    assertFault(lines(new Bucket(MONTH, LOCKING, Optional.empty())), "chrysalis vault lock");
  }

  @Test
  void locksThatNobodyExtendsAreAFault() throws IOException {
    assertFault(lines(new Bucket(MONTH, LOCKING, in(7))), "nobody extends the locks");
  }

  @Test
  void aBucketThatCannotBeAskedIsAFaultWhereALockIsDeclaredAndOnlySaidWhereNoneIs()
      throws IOException {
    record Silent(Optional<ObjectLock> declared) implements ObjectLocks {
      @Override
      public Place place() {
        throw new ChrysalisException(VaultErrors.ACCESS_DENIED, "it may not be asked", "ask");
      }

      @Override
      public Optional<Instant> heldUntil(String key) {
        throw new AssertionError();
      }

      @Override
      public void hold(String key, Instant until) {
        throw new AssertionError();
      }

      @Override
      public void close() {}
    }

    assertFault(lines(new Silent(MONTH)), "CHR-4005: it may not be asked");
    assertThat(lines(new Silent(Optional.empty())))
        .singleElement()
        .satisfies(line -> assertThat(line.good()).isTrue())
        .satisfies(line -> assertThat(line.seen()).contains("does not say"));
  }

  @Test
  void aLockThatIsShorterThanTheRestoreWindowIsSaid() throws IOException {
    ObjectLock days = new ObjectLock(ObjectLock.Mode.GOVERNANCE, 3);

    assertThat(lines(new Bucket(Optional.of(days), LOCKING, in(2))))
        .extracting(Line::seen)
        .last()
        .asString()
        .contains("governance:3d is shorter than the restore window of postgres");
  }

  @Test
  void aBucketsOwnRetentionIsSaidWhereNoneIsDeclared() throws IOException {
    ObjectLocks.Place place =
        new ObjectLocks.Place(true, true, Optional.of("GOVERNANCE for 14 days"));

    assertThat(lines(new Bucket(Optional.empty(), place, Optional.empty())))
        .singleElement()
        .satisfies(line -> assertThat(line.good()).isTrue())
        .satisfies(line ->
            assertThat(line.seen()).contains("GOVERNANCE for 14 days", "nothing extends that"));
  }

  private static void assertFault(List<Line> lines, String why) {
    assertThat(lines)
        .singleElement()
        .satisfies(line -> assertThat(line.good()).isFalse())
        .satisfies(line -> assertThat(line.seen()).contains(why));
  }
}
