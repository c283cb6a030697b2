package dev.chrysalis.vault.snapshot;

import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.pack.PackTable;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedObjects;
import dev.chrysalis.vault.seal.SealingStream;
import dev.chrysalis.vault.seal.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Collects a snapshot's entries and writes its manifest. Safe for many threads.
final class ManifestWriter implements AutoCloseable {
  private final SealedObjects objects;
  private final PackTable packs;
  private final Path directory;
  private final EntrySorter sorter;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> used = new ArrayList<>();
  private long files;
  private long bytes;

  ManifestWriter(SealedObjects objects, PackTable packs, Path directory) {
    this.objects = objects;
    this.packs = packs;
    this.directory = directory;
    this.sorter = new EntrySorter(directory);
  }

  void add(FileEntry entry) {
    long content = entry.chunks().stream().mapToLong(Chunk::length).sum();
    boolean file = entry.kind() == FileEntry.Kind.FILE;
    if (content != (file ? entry.size() : 0)) {
      throw new IllegalArgumentException(
          entry.path() + " has " + content + " bytes in chunks and a size of " + entry.size());
    }
    sorter.add(entry.path(), EntryCodec.encode(entry, this::number));
    synchronized (this) {
      files += file ? 1 : 0;
      bytes += content;
    }
  }

  /// Creates the manifest; all packs that it refers to are durable.
  void create(String key, String packPrefix) {
    try (Spool spool = new Spool(directory)) {
      try (SealingStream out = objects.sealInto(spool, key, ObjectType.MANIFEST)) {
        writeTable(out, packPrefix);
        writeEntries(out);
      } catch (IOException e) {
        throw Damage.spool(e);
      }
      objects.create(key, SealedObjects.spooled(spool));
    }
  }

  synchronized long files() {
    return files;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized int packs() {
    return used.size();
  }

  private synchronized int number(String pack) {
    Integer known = numbers.get(pack);
    if (known != null) {
      return known;
    }
    if (packs.number(pack) == null) {
      throw new IllegalArgumentException("a chunk that this writer did not store: " + pack);
    }
    used.add(pack);
    numbers.put(pack, used.size() - 1);
    return used.size() - 1;
  }

  private synchronized void writeTable(SealingStream out, String packPrefix) throws IOException {
    Fields table = new Fields();
    table.number(used.size());
    for (String pack : used) {
      Integer number = packs.number(pack);
      table.text(pack.substring(packPrefix.length()));
      table.number(number == null ? 0 : packs.get(number).size());
    }
    table.writeTo(out);
  }

  private void writeEntries(SealingStream out) throws IOException {
    String[] last = {""};
    sorter.sorted((path, entry) -> {
      if (path.equals(last[0])) {
        throw new IllegalArgumentException("two entries have the path " + path);
      }
      last[0] = path;
      Fields length = new Fields();
      length.number(entry.length);
      length.writeTo(out);
      out.write(entry);
    });
    out.write(0);
  }

  @Override
  public void close() {
    sorter.close();
  }
}
