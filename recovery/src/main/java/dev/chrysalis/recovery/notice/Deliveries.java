package dev.chrysalis.recovery.notice;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.recovery.report.RunReport.TimelineEntry;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What was told of runs, kept beside their journals: one record for each notice and channel,
/// created once, `notices/STACK/RUN/EVENT/CHANNEL`. A notice that has none may not have been told.
public final class Deliveries {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final RecordStore records;
  private final String stack;

  public Deliveries(RecordStore records, String stack) {
    this.records = records;
    this.stack = stack;
  }

  /// All that is known of a run, in the order in which it happened. Records of a later version are
  /// passed over.
  public List<Delivery> of(String run) {
    return records.keys(prefix(run)).stream()
        .flatMap(key -> records.read(key).stream())
        .flatMap(body -> decode(body).stream())
        .sorted(Comparator.comparing(Delivery::at).thenComparing(Delivery::channel))
        .toList();
  }

  /// What was tried of a run, as far as it is on record.
  public List<TimelineEntry> timeline(String run) {
    return of(run).stream()
        .flatMap(d ->
            d.attempts().stream()
                .map(a ->
                    new TimelineEntry(
                        a.at(),
                        "told " + d.channel() + " that the run is " + d.state() + ": " + a.result(),
                        "")))
        .toList();
  }

  /// The notices that need not be told any more: `EVENT/CHANNEL`.
  Set<String> settled(String run) {
    String prefix = prefix(run);
    return records.keys(prefix).stream()
        .map(key -> key.substring(prefix.length()))
        .collect(Collectors.toUnmodifiableSet());
  }

  static String name(String event, String channel) {
    return event + "/" + channel;
  }

  /// Keeps what became of it; the first word counts.
  void keep(String run, Delivery delivery) {
    String key = prefix(run) + name(delivery.event(), delivery.channel());
    try {
      boolean _ = records.create(key, JSON.writeValueAsBytes(delivery));
    } catch (IOException e) {
      throw new IllegalStateException("texts that cannot be written as JSON", e);
    }
  }

  private static Optional<Delivery> decode(byte[] body) {
    try {
      return Optional.of(JSON.readValue(body, Delivery.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private String prefix(String run) {
    return "notices/" + stack + "/" + run + "/";
  }
}
