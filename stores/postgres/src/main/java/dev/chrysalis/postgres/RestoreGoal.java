package dev.chrysalis.postgres;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;

/// The moment to which a person wants a database brought, as they say it. `parse` reads what
/// `toString` writes.
public sealed interface RestoreGoal {
  /// How goals are written, for help and hints.
  String FORMS =
      "latest, a time with its zone (2026-11-23T02:15:30Z, 2026-11-23T04:15:30+02:00),"
          + " lsn:0/3000148, xid:12345 (with that transaction), before-xid:12345 (without it and"
          + " all that was committed after it), or name:NAME (a pg_create_restore_point)";

  /// All that the vault holds.
  record Latest() implements RestoreGoal {
    @Override
    public String toString() {
      return "latest";
    }
  }

  /// All commits before the first one that is younger than the moment.
  record AtTime(Instant moment) implements RestoreGoal {
    @Override
    public String toString() {
      return moment.toString();
    }
  }

  /// All records up to the one that begins there, or, within a record, with that record.
  record AtLsn(Lsn lsn) implements RestoreGoal {
    @Override
    public String toString() {
      return "lsn:" + lsn;
    }
  }

  /// Everything up to a transaction's commit: with it, or without.
  ///
  /// @param xid as `pg_current_xact_id()` says it; the epoch in its upper half does not count
  record AtTransaction(long xid, boolean inclusive) implements RestoreGoal {
    private static final long EPOCH = 1L << 32;

    public AtTransaction {
      xid = xid % EPOCH;
      if (xid < 3) {
        throw new IllegalArgumentException("not a transaction: " + xid);
      }
    }

    @Override
    public String toString() {
      return (inclusive ? "xid:" : "before-xid:") + xid;
    }
  }

  /// A restore point that was made by `pg_create_restore_point`; the newest one of that name.
  record AtName(String name) implements RestoreGoal {
    public AtName {
      if (name.isEmpty()
          || name.getBytes(StandardCharsets.UTF_8).length > 63
          || name.chars().anyMatch(c -> c < ' ' || c == 127)) {
        throw new IllegalArgumentException("a restore point's name has 1 to 63 bytes of text");
      }
    }

    @Override
    public String toString() {
      return "name:" + name;
    }
  }

  /// Reads a goal in one of `FORMS`; `IllegalArgumentException` says what is wrong with it.
  static RestoreGoal parse(String text) {
    int colon = text.indexOf(':');
    String value = text.substring(colon + 1);
    return switch (text.substring(0, Math.max(0, colon))) {
      case "lsn" -> new AtLsn(Lsn.parse(value));
      case "xid" -> transaction(value, true);
      case "before-xid" -> transaction(value, false);
      case "name" -> new AtName(value);
      default -> text.equals("latest") ? new Latest() : new AtTime(moment(text));
    };
  }

  private static RestoreGoal transaction(String value, boolean inclusive) {
    try {
      return new AtTransaction(Long.parseLong(value), inclusive);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a transaction: " + value, e);
    }
  }

  private static Instant moment(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      if (isLocal(text)) {
        throw new IllegalArgumentException(
            text
                + " has no zone: on two machines it is two moments, and up to a day of writes lies"
                + " between them; say "
                + text
                + "Z for UTC, or its offset",
            e);
      }
      throw new IllegalArgumentException("not a moment to restore to: " + text, e);
    }
  }

  private static boolean isLocal(String text) {
    try {
      LocalDateTime _ = LocalDateTime.parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
