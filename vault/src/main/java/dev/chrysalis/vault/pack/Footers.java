package dev.chrysalis.vault.pack;

import dev.chrysalis.vault.seal.SealedObjects;

/// What packs say of themselves at their ends.
public final class Footers {
  /// How much of a pack's end is fetched first; the footers of most packs are shorter.
  static final int FIRST_LOOK = 16 * 1024;

  private Footers() {}

  /// Reads and authenticates a pack's footer; `OBJECT_MISSING` or `OBJECT_DAMAGED` naming the pack.
  public static void check(SealedObjects objects, String pack, long size) {
    FooterReader.read(objects, pack, size, FIRST_LOOK);
  }
}
