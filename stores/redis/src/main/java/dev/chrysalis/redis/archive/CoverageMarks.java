package dev.chrysalis.redis.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.vault.LogName;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Says in the vault that a server wrote nothing: without a piece there would be no way to see from
/// outside that the shipper lives and all is covered. Safe for many threads.
public final class CoverageMarks {
  private static final DateTimeFormatter KEY =
      DateTimeFormatter.ofPattern("uuuuMMdd/HHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DAY = 8;
  private static final int HOUR = 11;

  private final RecordStore records;
  private final String store;

  public CoverageMarks(RecordStore records, String store) {
    this.records = records;
    this.store = store;
  }

  /// @param log which log is covered
  /// @param position up to where
  /// @param facts as of a piece that ends there
  public record Mark(LogName log, long position, PieceFacts facts) {}

  /// Writes a mark; another one of the same millisecond stays.
  public void write(MemberId member, Mark mark) {
    Map<String, String> body = new LinkedHashMap<>(mark.facts().toMap());
    body.put("log", mark.log().stream());
    body.put("position", Long.toString(mark.position()));
    StringBuilder text = new StringBuilder();
    body.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    String key = LogNames.marks(store, member.toString()) + KEY.format(mark.facts().asOf());
    boolean _ = records.create(key, text.toString().getBytes(UTF_8));
  }

  /// The newest mark of a member of the last two days before a moment.
  public Optional<Mark> newest(MemberId member, Instant now) {
    String prefix = LogNames.marks(store, member.toString());
    String hour = KEY.format(now).substring(0, HOUR);
    String today = hour.substring(0, DAY);
    String yesterday = KEY.format(now.minusSeconds(86_400)).substring(0, DAY);
    for (String when : List.of(hour, today, yesterday)) {
      List<String> keys = records.keys(prefix + when);
      if (!keys.isEmpty()) {
        return records.read(keys.getLast()).flatMap(this::parse);
      }
    }
    return Optional.empty();
  }

  /// The keys of the marks of days before that of a moment, of all members.
  public List<String> before(Instant moment) {
    String day = KEY.format(moment).substring(0, DAY);
    return records.keys(LogNames.records(store)).stream()
        .filter(key -> LogNames.isMarkBefore(key, day))
        .toList();
  }

  private Optional<Mark> parse(byte[] body) {
    Map<String, String> map = new LinkedHashMap<>();
    new String(body, UTF_8)
        .lines()
        .forEach(line -> {
          int is = line.indexOf('=');
          if (is > 0) {
            map.put(line.substring(0, is), line.substring(is + 1));
          }
        });
    try {
      LogName log = new LogName(store, map.getOrDefault("log", ""));
      long position = Long.parseLong(map.getOrDefault("position", ""));
      return PieceFacts.of(map).map(facts -> new Mark(log, position, facts));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
