package dev.chrysalis.platform.volume;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Removes what a broken-off restore left in a directory that was empty when it began, except the
/// mark, by which the next attempt knows it again. Links are removed, not followed.
public final class LeftOvers extends SimpleFileVisitor<Path> {
  private final Path root;

  public LeftOvers(Path root) {
    this.root = root;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    return directory.equals(root.resolve("lost+found"))
        ? FileVisitResult.SKIP_SUBTREE
        : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (!file.equals(root.resolve(RestoreMark.BEGUN))) {
      Files.delete(file);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
      throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (!directory.equals(root)) {
      Files.delete(directory);
    }
    return FileVisitResult.CONTINUE;
  }
}
