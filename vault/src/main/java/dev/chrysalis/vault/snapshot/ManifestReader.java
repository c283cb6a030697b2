package dev.chrysalis.vault.snapshot;

import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.pack.PackTable;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.UnsealingStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Reads a manifest from its beginning: the table of packs at once, the entries as they are asked
/// for. For one thread at a time.
final class ManifestReader implements Iterator<FileEntry>, AutoCloseable {
  private static final int MOST_PACKS = 1 << 22;
  private static final int MOST_ENTRY_BYTES = Integer.MAX_VALUE - 64;

  private final String key;
  private final DataInputStream in;
  private final List<PackTable.Pack> packs = new ArrayList<>();
  private @Nullable FileEntry next;
  private boolean ended;
  private String lastPath = "";

  /// @param packPrefix `packs/STORE/`
  ManifestReader(String key, UnsealingStream sealed, String packPrefix) {
    this.key = key;
    this.in = new DataInputStream(new BufferedInputStream(sealed, 64 * 1024));
    try {
      int count = Fields.small(in, MOST_PACKS);
      for (int i = 0; i < count; i++) {
        packs.add(new PackTable.Pack(packPrefix + Fields.text(in), Fields.number(in)));
      }
    } catch (IOException e) {
      throw Damage.damaged(key, "its table of packs cannot be read", e);
    }
  }

  List<PackTable.Pack> packs() {
    return packs;
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      next = read();
    }
    return next != null;
  }

  @Override
  public FileEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the manifest has no more entries");
    }
    FileEntry entry = java.util.Objects.requireNonNull(next);
    next = null;
    return entry;
  }

  private @Nullable FileEntry read() {
    try {
      int length = Fields.small(in, MOST_ENTRY_BYTES);
      if (length == 0) {
        ended = true;
        if (in.read() >= 0) {
          throw Damage.damaged(key, "something follows its end");
        }
        return null;
      }
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("an entry ends early");
      }
      FileEntry entry =
          EntryCodec.decode(
              new DataInputStream(new ByteArrayInputStream(bytes)), n -> packs.get(n).name());
      if (entry.path().compareTo(lastPath) <= 0) {
        throw Damage.damaged(key, "its entries are not in order at " + entry.path());
      }
      lastPath = entry.path();
      return entry;
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Damage.damaged(key, "an entry behind '" + lastPath + "' cannot be read", e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw Damage.unreadable(key, e);
    }
  }
}
