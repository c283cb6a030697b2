package dev.chrysalis.vault.backend;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Walks a directory in ascending order of full keys, holding one folder of each level at a time:
///
/// 1. it begins in the deepest folder that the prefix names, with the names that go on as it does;
/// 2. a folder's entries are sorted by their name, a folder's with `/` behind it, which is the
///    order of the keys (`a-b` before `a/b` before `a0`);
/// 3. what is no object (links, foreign names, `~tmp`) and what vanishes meanwhile is passed over,
///    unless the vault itself vanished: that is an error, not an end.
final class DirectoryListing implements Iterator<Backend.Listed> {
  private final Path root;
  private final RootCheck rootCheck;
  private final Deque<Iterator<Entry>> open = new ArrayDeque<>();
  private Backend.@Nullable Listed next;

  /// Throws where the root is not the one that was opened.
  @FunctionalInterface
  interface RootCheck {
    void run() throws IOException;
  }

  DirectoryListing(Path root, String prefix, RootCheck rootCheck) {
    this.root = root;
    this.rootCheck = rootCheck;
    int cut = prefix.lastIndexOf('/') + 1;
    Path start = cut == 0 ? root : root.resolve(prefix.substring(0, cut - 1));
    try {
      if (isPlain(start)) {
        open.push(entries(start, prefix.substring(0, cut), prefix.substring(cut)));
      }
    } catch (FileSystemException e) {
      if (!DirectoryErrors.isNotADirectory(e)) {
        throw DirectoryErrors.of("could not list", start, e);
      }
    } catch (IOException e) {
      throw DirectoryErrors.of("could not list", start, e);
    }
    next = advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Backend.Listed next() {
    Backend.Listed found = next;
    if (found == null) {
      throw new NoSuchElementException();
    }
    next = advance();
    return found;
  }

  private Backend.@Nullable Listed advance() {
    while (!open.isEmpty()) {
      Iterator<Entry> folder = open.peek();
      if (!folder.hasNext()) {
        open.pop();
        continue;
      }
      Entry entry = folder.next();
      if (!entry.folder()) {
        return new Backend.Listed(entry.key(), entry.size());
      }
      descend(entry);
    }
    return null;
  }

  private void descend(Entry entry) {
    Path folder = root.resolve(entry.key());
    try {
      open.push(entries(folder, entry.key(), ""));
    } catch (IOException e) {
      throw DirectoryErrors.of("could not list", folder, e);
    }
  }

  /// Whether there is such a folder, and no symbolic link leads to it: otherwise nothing begins
  /// with the prefix.
  private boolean isPlain(Path start) throws IOException {
    try {
      return start.toRealPath().equals(start);
    } catch (NoSuchFileException e) {
      rootCheck.run();
      return false;
    }
  }

  private Iterator<Entry> entries(Path folder, String keyOfFolder, String beginning)
      throws IOException {
    List<Entry> found = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        String name = String.valueOf(path.getFileName());
        if (name.startsWith(beginning) && ObjectKeys.isPart(name)) {
          addIfThere(found, path, keyOfFolder + name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (NoSuchFileException e) {
      rootCheck.run();
      return List.<Entry>of().iterator();
    }
    found.sort(Comparator.comparing(Entry::key));
    return found.iterator();
  }

  private void addIfThere(List<Entry> found, Path path, String key) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile()) {
        found.add(new Entry(key, false, attributes.size()));
      } else if (attributes.isDirectory()) {
        found.add(new Entry(key + "/", true, 0));
      }
    } catch (NoSuchFileException e) {
      // Deleted since the folder was read.
      rootCheck.run();
    }
  }

  /// An object, or a folder, whose key ends with `/`.
  private record Entry(String key, boolean folder, long size) {}
}
