package dev.chrysalis.redis.agent.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.server.RedisConnection;
import dev.chrysalis.redis.agent.server.RedisSession;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/// Copies the keys of a pattern from one server to a living master, each whole (`DUMP`, `RESTORE`)
/// with the time that is left to it, in every database that holds any. Memory: one value, and about
/// a megabyte.
///
/// Property: no living key is overwritten, unless that is asked for; it can be repeated.
public final class KeyRestore {
  private static final String PAGE = "1000";
  private static final long BATCH_BYTES = 1L << 20;
  private static final int BATCH_KEYS = 200;

  private final RedisConnection from;
  private final RedisConnection to;

  public KeyRestore(RedisConnection from, RedisConnection to) {
    this.from = from;
    this.to = to;
  }

  /// Which keys, and how they are called where they are restored.
  ///
  /// @param match as `KEYS` takes it: `session:*`
  /// @param prefix what is put before each name; empty for the keys' own names
  /// @param replace whether keys that are there are overwritten
  public record KeyPattern(String match, String prefix, boolean replace) {
    public KeyPattern {
      if (match.isEmpty()) {
        throw new IllegalArgumentException("an empty pattern matches nothing");
      }
    }
  }

  /// What became of the keys.
  ///
  /// @param there those that were left alone, since there was one of that name
  public record Copied(long restored, long there) {
    public long all() {
      return restored + there;
    }
  }

  /// Copies them. `NOT_MASTER` where the other server is none, `KEYS_NOT_RESTORED` where it refuses
  /// one.
  public Copied run(KeyPattern pattern, LongConsumer progress) {
    try (RedisSession source = from.open();
        RedisSession target = to.open()) {
      requireMaster(target);
      Batch batch = new Batch(target, pattern, progress);
      for (int database : databases(source)) {
        String number = Integer.toString(database);
        String _ = source.text("SELECT", number);
        String _ = target.text("SELECT", number);
        copy(source, pattern, batch);
      }
      return batch.copied();
    }
  }

  private static SortedSet<Integer> databases(RedisSession source) {
    SortedSet<Integer> databases = new TreeSet<>();
    source.info().keySet().stream()
        .filter(name -> name.matches("db\\d{1,6}"))
        .forEach(name -> databases.add(Integer.valueOf(name.substring(2))));
    return databases;
  }

  private static void copy(RedisSession source, KeyPattern pattern, Batch batch) {
    byte[] cursor = bytes("0");
    do {
      Object answer =
          source.askBytes(
              "SCAN", cursor, bytes("MATCH"), bytes(pattern.match()), bytes("COUNT"), bytes(PAGE));
      if (!(answer instanceof List<?> page
          && page.size() == 2
          && page.get(0) instanceof byte[] next
          && page.get(1) instanceof List<?> keys)) {
        throw new IllegalStateException("SCAN answers something else than a page");
      }
      for (Object key : keys) {
        copy(source, (byte[]) key, batch);
      }
      cursor = next;
    } while (!new String(cursor, UTF_8).equals("0"));
    batch.finish();
  }

  private static void copy(RedisSession source, byte[] key, Batch batch) {
    source.sendBytes("PTTL", key);
    source.sendBytes("DUMP", key);
    Object left = source.next("PTTL");
    // Read whatever the first answer is: a key may expire between the two.
    Object value = source.next("DUMP");
    if (left instanceof Long millis && value instanceof byte[] dumped && millis != 0) {
      batch.add(key, Math.max(0, millis), dumped);
    }
  }

  private static void requireMaster(RedisSession target) {
    String role = target.info().getOrDefault("role", "");
    if (!role.equals("master")) {
      throw new ChrysalisException(
          RedisErrors.NOT_MASTER,
          "the server that the keys are to go to is no master",
          "nothing was touched; run it beside the master: chrysalis status");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /// Keys on their way: sent as they come, their answers read a batch at a time.
  private static final class Batch {
    private final RedisSession target;
    private final byte[] prefix;
    private final boolean replace;
    private final LongConsumer progress;
    private long bytes;
    private int waiting;
    private long restored;
    private long there;

    Batch(RedisSession target, KeyPattern pattern, LongConsumer progress) {
      this.target = target;
      this.prefix = bytes(pattern.prefix());
      this.replace = pattern.replace();
      this.progress = progress;
    }

    void add(byte[] key, long millis, byte[] value) {
      byte[] name = new byte[prefix.length + key.length];
      System.arraycopy(prefix, 0, name, 0, prefix.length);
      System.arraycopy(key, 0, name, prefix.length, key.length);
      byte[] left = bytes(Long.toString(millis));
      if (replace) {
        target.sendBytes("RESTORE", name, left, value, bytes("REPLACE"));
      } else {
        target.sendBytes("RESTORE", name, left, value);
      }
      waiting++;
      bytes += value.length;
      if (waiting >= BATCH_KEYS || bytes >= BATCH_BYTES) {
        finish();
      }
    }

    void finish() {
      for (; waiting > 0; waiting--) {
        try {
          Object _ = target.next("RESTORE");
          restored++;
        } catch (ChrysalisException e) {
          refused(e);
        }
      }
      bytes = 0;
      progress.accept(restored + there);
    }

    private void refused(ChrysalisException e) {
      if (!e.code().equals(RedisErrors.COMMAND_FAILED)) {
        throw e;
      }
      if (!String.valueOf(e.getMessage()).contains("BUSYKEY")) {
        throw new ChrysalisException(
            RedisErrors.KEYS_NOT_RESTORED,
            "after %d keys were restored and %d were there: %s"
                .formatted(restored, there, e.getMessage()),
            "clear what the server complains of and repeat: what is there by then is left alone",
            e);
      }
      there++;
    }

    Copied copied() {
      return new Copied(restored, there);
    }
  }
}
