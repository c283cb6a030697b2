package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/// Objects in this process's memory, for tests and for dry use; gone with it. An object is held
/// whole, so that the largest is 1 GiB.
public final class MemoryBackend implements ErasingBackend {
  private static final Traits TRAITS = new Traits(false, 1L << 30, 1 << 20);

  private final ConcurrentNavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public Traits traits() {
    return TRAITS;
  }

  @Override
  public Created create(String key, Body body) {
    ObjectKeys.check(key);
    if (body.length() > TRAITS.maxObjectBytes()) {
      throw new ChrysalisException(
          VaultErrors.NO_SPACE,
          "an object of " + body.length() + " bytes does not fit into memory: " + key,
          "use a directory or an object store");
    }
    if (objects.containsKey(key)) {
      return Created.EXISTS;
    }
    refuseOverlap(key);
    byte[] bytes = content(key, body);
    return objects.putIfAbsent(key, bytes) == null ? Created.NEW : Created.EXISTS;
  }

  /// Refuses what a directory could not hold, so that tests in memory show it.
  private void refuseOverlap(String key) {
    boolean overlaps =
        objects.tailMap(key + "/").keySet().stream()
            .limit(1)
            .anyMatch(other -> other.startsWith(key + "/"));
    for (int cut = key.lastIndexOf('/'); cut > 0; cut = key.lastIndexOf('/', cut - 1)) {
      overlaps |= objects.containsKey(key.substring(0, cut));
    }
    if (overlaps) {
      throw new ChrysalisException(
          VaultErrors.BAD_KEY,
          "a key lies under another: " + key,
          "a directory could not hold both");
    }
  }

  private static byte[] content(String key, Body body) {
    try (InputStream in = BodyStream.open(body)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ChrysalisException(
          VaultErrors.BODY_UNREADABLE,
          "what was to be stored as " + key + " could not be read: " + e.getMessage(),
          "look at the disk that it is read from",
          e);
    }
  }

  @Override
  public InputStream open(String key, long offset, long length) {
    ObjectKeys.check(key);
    ObjectKeys.checkRange(offset, length);
    byte[] bytes = objects.get(key);
    if (bytes == null) {
      throw new ChrysalisException(
          VaultErrors.OBJECT_MISSING,
          "the vault in memory holds no " + key,
          "something removed it, or it was never written");
    }
    int from = (int) Math.min(offset, bytes.length);
    return new ByteArrayInputStream(bytes, from, (int) Math.min(length, bytes.length - from));
  }

  @Override
  public OptionalLong size(String key) {
    byte[] bytes = objects.get(ObjectKeys.check(key));
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
  }

  @Override
  public Stream<Listed> list(String prefix) {
    ObjectKeys.checkPrefix(prefix);
    return objects.tailMap(prefix, true).entrySet().stream()
        .takeWhile(object -> object.getKey().startsWith(prefix))
        .map(object -> new Listed(object.getKey(), object.getValue().length));
  }

  @Override
  public void delete(String key) {
    objects.remove(ObjectKeys.check(key));
  }

  /// All keys there are, in ascending order; for tests.
  public List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  /// A copy of what is stored, for tests that keep a moment of a vault.
  public MemoryBackend copy() {
    MemoryBackend copy = new MemoryBackend();
    for (Map.Entry<String, byte[]> object : objects.entrySet()) {
      copy.objects.put(object.getKey(), object.getValue());
    }
    return copy;
  }

  @Override
  public String toString() {
    return "memory";
  }

  @Override
  public void close() {}
}
