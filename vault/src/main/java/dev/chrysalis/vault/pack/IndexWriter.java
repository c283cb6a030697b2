package dev.chrysalis.vault.pack;

import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedObjects;
import dev.chrysalis.vault.seal.SealingStream;
import dev.chrysalis.vault.seal.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The index object of a session, spooled as its packs become durable. Safe for many threads.
public final class IndexWriter implements Packer.Sink, AutoCloseable {
  private final SealedObjects objects;
  private final String key;
  private final String packPrefix;
  private final Spool spool;
  private final SealingStream out;
  private int packs;

  /// @param packPrefix `packs/STORE/`
  public IndexWriter(SealedObjects objects, String key, String packPrefix, Path directory) {
    this.objects = objects;
    this.key = key;
    this.packPrefix = packPrefix;
    this.spool = new Spool(directory);
    this.out = objects.sealInto(spool, key, ObjectType.INDEX);
  }

  @Override
  public synchronized void stored(PackTable.Pack pack, ByteBuffer entries) {
    try {
      IndexSection.write(out, pack.name().substring(packPrefix.length()), pack.size(), entries);
      packs++;
    } catch (IOException e) {
      throw Damage.spool(e);
    }
  }

  /// Creates the index object, unless there is nothing to tell.
  public synchronized void create() {
    try {
      out.close();
    } catch (IOException e) {
      throw Damage.spool(e);
    }
    if (packs > 0) {
      objects.create(key, SealedObjects.spooled(spool));
    }
  }

  @Override
  public synchronized void close() {
    try (spool) {
      out.close();
    } catch (IOException e) {
      throw Damage.spool(e);
    }
  }
}
