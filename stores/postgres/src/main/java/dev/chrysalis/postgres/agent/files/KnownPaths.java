package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.vault.FileEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// Which paths a snapshot holds, and as what, in 8 bytes each: the first of a SHA-256. That another
/// path has the same is so unlikely (1 in 10¹³ with a million files) that it may end, as it would,
/// in a file that stays although it is not in the snapshot. First all are added, then asked for.
final class KnownPaths {
  private final MessageDigest digest;
  private long[] hashes = new long[1024];
  private int count;
  private boolean sorted;

  KnownPaths() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK lacks SHA-256", e);
    }
  }

  void add(FileEntry.Kind kind, String path) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, count * 2);
    }
    hashes[count++] = hash(kind, path);
    sorted = false;
  }

  boolean contains(FileEntry.Kind kind, String path) {
    if (!sorted) {
      Arrays.sort(hashes, 0, count);
      sorted = true;
    }
    return Arrays.binarySearch(hashes, 0, count, hash(kind, path)) >= 0;
  }

  private long hash(FileEntry.Kind kind, String path) {
    byte[] name = (kind.name() + " " + path).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(digest.digest(name)).getLong();
  }
}
