package dev.chrysalis.postgres.archive;

import java.util.regex.Pattern;

/// A backup that `pg_dump` made, as it lies in a bucket.
///
/// @param date the folder that it lies in, which its maker named after the day: `2025-12-03`
/// @param key its name in the bucket: `postgres/2025-12-03/backup.sql.gz`
/// @param bytes compressed
public record Dump(String date, String key, long bytes) {
  private static final Pattern DATE = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,60}");

  public Dump {
    if (!DATE.matcher(date).matches() || !key.endsWith("/" + date + "/" + DumpsInBucket.FILE)) {
      throw new IllegalArgumentException("not a dump: " + key);
    }
  }
}
