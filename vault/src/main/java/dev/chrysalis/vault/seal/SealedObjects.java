package dev.chrysalis.vault.seal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Sealed objects over a backend. Safe for many threads.
///
/// `create` in steps, so that exactly one of many writers is told that it won, whatever answers are
/// lost:
///
/// 1. Every sealing draws a new random salt, which stands in the object's header.
/// 2. Create if absent. `NEW`: this call won.
/// 3. `EXISTS`, or an error after which the outcome is unknown: read the header that is there.
///    Equal to ours: this call won, and the answer was lost. Another: it lost.
/// 4. Nothing is there after an error: the outcome stays unknown, the error goes to the caller.
public final class SealedObjects {
  private static final int LEVEL = 3;
  private static final int SMALL = 64 * 1024;
  private static final long WHOLE = Long.MAX_VALUE;

  private final Backend backend;
  private final KeyRing keys;
  private final SecureRandom random;
  private final int atOnce;

  /// @param atOnce how many requests may be under way side by side for one call
  public SealedObjects(Backend backend, KeyRing keys, SecureRandom random, int atOnce) {
    this.backend = backend;
    this.keys = keys;
    this.random = random;
    this.atOnce = atOnce;
  }

  /// Makes requests side by side; results come in the order of what was asked.
  public <T, R> Stream<R> sideBySide(Collection<T> all, Function<? super T, ? extends R> request) {
    return atOnce == 1
        ? all.stream().map(request)
        : all.stream().gather(Gatherers.mapConcurrent(atOnce, request));
  }

  public Backend backend() {
    return backend;
  }

  public KeyRing keys() {
    return keys;
  }

  public SecureRandom random() {
    return random;
  }

  /// Writes content into a stream that seals it.
  public interface Content {
    void writeTo(SealingStream out) throws IOException;
  }

  /// Seals content in memory.
  public SealedBody seal(String key, ObjectType type, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    byte[] header = newHeader(type);
    try (SealingStream out = stream(key, type, header, bytes)) {
      content.writeTo(out);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be written", e);
    }
    return new SealedBody(Body.of(bytes.toByteArray()), header);
  }

  public SealedBody seal(String key, ObjectType type, byte[] content) {
    return seal(key, type, out -> out.write(content));
  }

  /// A stream that seals into a spool; `spooled` makes a body of it when it is closed.
  public SealingStream sealInto(Spool spool, String key, ObjectType type) {
    try {
      return stream(key, type, newHeader(type), spool.appender());
    } catch (IOException e) {
      throw Damage.spool(e);
    }
  }

  /// The body of an object that was sealed into a spool.
  public static SealedBody spooled(Spool spool) {
    try (var in = spool.read(0, spool.size())) {
      return new SealedBody(spool.body(), in.readNBytes(FrameCipher.HEADER_BYTES));
    } catch (IOException e) {
      throw Damage.spool(e);
    }
  }

  /// Creates the object unless there is one. True when this very call created it.
  public boolean create(String key, SealedBody sealed) {
    try {
      if (backend.create(key, sealed.body()) == Backend.Created.NEW) {
        return true;
      }
    } catch (ChrysalisException e) {
      if (!VaultErrors.mayPass(e.code())) {
        throw e;
      }
      return madeAfterAll(key, sealed, e);
    }
    return isOurs(key, sealed);
  }

  private boolean madeAfterAll(String key, SealedBody sealed, ChrysalisException unknown) {
    boolean there;
    try {
      there = backend.size(key).isPresent();
    } catch (ChrysalisException e) {
      unknown.addSuppressed(e);
      throw unknown;
    }
    if (!there) {
      throw unknown;
    }
    return isOurs(key, sealed);
  }

  private boolean isOurs(String key, SealedBody sealed) {
    byte[] ours = sealed.header();
    long size = backend.size(key).orElseThrow(() -> Damage.missing(key));
    if (size < ours.length) {
      throw Damage.damaged(key, "it ends early, at byte " + size);
    }
    try (ObjectSource source = new ObjectSource(backend, key, size, ours.length)) {
      return Arrays.equals(ours, source.read(ours.length));
    }
  }

  /// Opens an object; `OBJECT_MISSING` where there is none.
  public UnsealingStream open(String key, ObjectType type) {
    long size = backend.size(key).orElseThrow(() -> Damage.missing(key));
    return open(key, type, size, WHOLE);
  }

  /// Opens an object whose size is known; the first request fetches at most `firstRange` bytes.
  public UnsealingStream open(String key, ObjectType type, long size, long firstRange) {
    ObjectSource source = new ObjectSource(backend, key, size, firstRange);
    try {
      return new UnsealingStream(source, keys, type);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /// Reads a small object whole.
  public byte[] read(String key, ObjectType type, long size) {
    try (UnsealingStream in = open(key, type, size, WHOLE)) {
      return in.readRest();
    }
  }

  /// Reads an object that is probably small, with one request then; empty where there is none.
  public Optional<byte[]> find(String key, ObjectType type) {
    try (InputStream in = backend.open(key, 0, SMALL)) {
      byte[] bytes = in.readNBytes(SMALL);
      if (bytes.length < SMALL) {
        return Optional.of(unseal(key, type, bytes));
      }
    } catch (IOException e) {
      return findBySize(key, type);
    } catch (ChrysalisException e) {
      if (e.code().equals(VaultErrors.OBJECT_MISSING)) {
        return Optional.empty();
      }
      if (!e.code().equals(VaultErrors.OBJECT_DAMAGED)) {
        throw e;
      }
    }
    // It is large, or it may be that the answer ended early: the object's size tells.
    return findBySize(key, type);
  }

  private Optional<byte[]> findBySize(String key, ObjectType type) {
    OptionalLong size = backend.size(key);
    return size.isPresent() ? Optional.of(read(key, type, size.getAsLong())) : Optional.empty();
  }

  private byte[] unseal(String key, ObjectType type, byte[] bytes) {
    try (UnsealingStream in =
        new UnsealingStream(ObjectSource.fetched(backend, key, bytes), keys, type)) {
      return in.readRest();
    }
  }

  /// What lies under the prefix, in ascending order of key.
  public List<Backend.Listed> list(String prefix) {
    try (Stream<Backend.Listed> listed = backend.list(prefix)) {
      return listed.toList();
    }
  }

  private byte[] newHeader(ObjectType type) {
    byte[] salt = new byte[FrameCipher.SALT_BYTES];
    random.nextBytes(salt);
    return FrameCipher.header(type, salt);
  }

  private SealingStream stream(String key, ObjectType type, byte[] header, OutputStream out)
      throws IOException {
    return new SealingStream(new FrameCipher(keys, type, key, header), header, out, LEVEL);
  }
}
