package dev.chrysalis.vault.pack;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedObjects;
import dev.chrysalis.vault.seal.UnsealingStream;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Learns which chunks a store has.
///
/// 1. List the doomed packs, then the packs; only packs that are listed and not doomed count. In
///    this order, because prune deletes a pack first and its mark later: a mark that is gone says
///    that the pack is.
/// 2. Read the index objects, many at once; a chunk counts when its pack does, with the same size.
/// 3. Packs that no index names: read their footers, and write them into the new session's index,
///    so that this is done once.
///
/// An index or a footer that is damaged or gone is told to the notices, and then its chunks are
/// stored anew: an index is only a short cut. Safe for one thread.
public final class IndexLoader {

  private final SealedObjects objects;
  private final Consumer<ChrysalisException> notices;
  private final String store;
  private final Map<String, Long> listed = new HashMap<>();
  private final Set<String> covered = new HashSet<>();
  private final PackTable packs = new PackTable();

  public IndexLoader(SealedObjects objects, String store, Consumer<ChrysalisException> notices) {
    this.objects = objects;
    this.store = store;
    this.notices = notices;
  }

  /// The packs whose chunks may be used.
  public PackTable packs() {
    return packs;
  }

  /// Loads the index; footers that had to be read go to the sink.
  public ChunkIndex load(Packer.Sink rebuilt) {
    String doomed = "doomed/" + store + "/";
    Set<String> marked = new HashSet<>();
    objects.list(doomed).forEach(o -> marked.add(packPrefix() + rest(o.key(), doomed)));
    for (Backend.Listed pack : objects.list(packPrefix())) {
      if (!marked.contains(pack.key())) {
        listed.put(pack.key(), pack.size());
      }
    }
    List<Backend.Listed> indexes = objects.list("index/" + store + "/");
    long bytes = indexes.stream().mapToLong(Backend.Listed::size).sum();
    ChunkIndex index = new ChunkIndex(bytes / PackFormat.ENTRY_BYTES);
    inParallel(indexes, object -> read(object, index));
    List<Backend.Listed> unknown =
        listed.entrySet().stream()
            .filter(pack -> !covered.contains(pack.getKey()))
            .map(pack -> new Backend.Listed(pack.getKey(), pack.getValue()))
            .sorted(java.util.Comparator.comparing(Backend.Listed::key))
            .toList();
    inParallel(unknown, pack -> readFooter(pack, index, rebuilt));
    return index;
  }

  private void inParallel(List<Backend.Listed> all, Consumer<Backend.Listed> work) {
    objects.sideBySide(all, one -> tried(one, work)).forEach(done -> {});
  }

  private boolean tried(Backend.Listed one, Consumer<Backend.Listed> work) {
    try {
      work.accept(one);
      return true;
    } catch (ChrysalisException e) {
      if (!e.code().equals(VaultErrors.OBJECT_DAMAGED)
          && !e.code().equals(VaultErrors.OBJECT_MISSING)) {
        throw e;
      }
      notices.accept(e);
      return false;
    }
  }

  private void read(Backend.Listed object, ChunkIndex index) {
    Filler filler = new Filler(index);
    try (UnsealingStream sealed =
            objects.open(object.key(), ObjectType.INDEX, object.size(), Long.MAX_VALUE);
        DataInputStream in = new DataInputStream(new BufferedInputStream(sealed, 64 * 1024))) {
      IndexSection.readAll(object.key(), in, filler);
    } catch (IOException e) {
      throw Damage.damaged(object.key(), "a section ends early", e);
    }
  }

  private void readFooter(Backend.Listed pack, ChunkIndex index, Packer.Sink rebuilt) {
    var entries = FooterReader.read(objects, pack.key(), pack.size(), Footers.FIRST_LOOK);
    Filler filler = new Filler(index);
    int number = filler.pack(rest(pack.key(), packPrefix()), pack.size());
    var left = entries.duplicate();
    while (left.hasRemaining()) {
      IndexSection.readEntry(pack.key(), left, number, filler);
    }
    rebuilt.stored(new PackTable.Pack(pack.key(), pack.size()), entries);
  }

  private String packPrefix() {
    return "packs/" + store + "/";
  }

  private static String rest(String key, String prefix) {
    return key.substring(prefix.length());
  }

  private synchronized int cover(String name, long size) {
    Long there = listed.get(name);
    return there != null && there == size && covered.add(name) ? packs.add(name, size) : -1;
  }

  private final class Filler implements IndexSection.Reader {
    private final ChunkIndex index;

    Filler(ChunkIndex index) {
      this.index = index;
    }

    @Override
    public int pack(String name, long size) {
      return cover(packPrefix() + name, size);
    }

    @Override
    public void chunk(int pack, long high, long low, int offset, int storedLength) {
      index.put(high, low, ChunkIndex.place(pack, offset, storedLength));
    }
  }
}
