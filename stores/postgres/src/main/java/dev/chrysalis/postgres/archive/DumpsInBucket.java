package dev.chrysalis.postgres.archive;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.vault.backend.Backend;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The backups that were taken by hand before Chrysalis came: `postgres/DATE/backup.sql.gz`, each
/// the output of `pg_dump`, compressed. Only reads.
public record DumpsInBucket(Backend bucket) {
  static final String FILE = "backup.sql.gz";

  private static final String FOLDER = "postgres/";
  private static final Pattern KEY =
      Pattern.compile(FOLDER + "([0-9A-Za-z][0-9A-Za-z._-]{0,60})/" + Pattern.quote(FILE));

  /// All of them, the newest last, by the names of their folders. What else lies there is passed
  /// over.
  public List<Dump> all() {
    try (Stream<Backend.Listed> listed = bucket.list(FOLDER)) {
      return listed.flatMap(DumpsInBucket::dump).sorted(Comparator.comparing(Dump::date)).toList();
    }
  }

  private static Stream<Dump> dump(Backend.Listed object) {
    Matcher m = KEY.matcher(object.key());
    return m.matches()
        ? Stream.of(new Dump(m.group(1), object.key(), object.size()))
        : Stream.empty();
  }

  /// The one of that folder, or for `latest` the newest; `NO_SUCH_DUMP` where there is none.
  public Dump find(String date) {
    List<Dump> all = all();
    return all.reversed().stream()
        .filter(dump -> date.equals("latest") || dump.date().equals(date))
        .findFirst()
        .orElseThrow(() ->
            new ChrysalisException(
                PostgresErrors.NO_SUCH_DUMP,
                all.isEmpty()
                    ? "there is no " + FOLDER + "DATE/" + FILE + " in " + bucket
                    : "there is no dump of " + date + " in " + bucket,
                "see which there are: chrysalis restore-points --dumps"));
  }
}
