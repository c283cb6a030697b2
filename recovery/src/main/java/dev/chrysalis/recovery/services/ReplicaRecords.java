package dev.chrysalis.recovery.services;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.model.RecordStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How many members services had when they were seen well, kept in the vault as one small record a
/// sighting: `replicas/STACK/SERVICE/TIME`. The newest one counts, so that older ones may go at any
/// time.
public final class ReplicaRecords {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /// Readers may have listed the keys just before newer ones came.
  private static final int STAY = 4;

  private final RecordStore records;
  private final String prefix;
  private final ObjectMapper json = new ObjectMapper();

  public ReplicaRecords(RecordStore records, String stack) {
    this.records = records;
    this.prefix = "replicas/" + stack + "/";
  }

  /// Keeps a sighting. Of two in one second the first one is kept.
  public void keep(String service, KnownReplicas.Seen seen) {
    byte[] body = "{\"replicas\":%d}".formatted(seen.count()).getBytes(StandardCharsets.UTF_8);
    boolean _ = records.create(prefix(service) + TIME.format(seen.at()), body);
  }

  /// The newest sighting that can be read; one of another version is passed over.
  public Optional<KnownReplicas.Seen> newest(String service) {
    List<String> keys = records.keys(prefix(service));
    return keys.reversed().stream()
        .limit(STAY)
        .map(key -> read(key, key.substring(prefix(service).length())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /// The keys of those that nobody reads any more, of whichever services.
  public List<String> spent() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String key : records.keys(prefix)) {
      String service = key.substring(0, key.lastIndexOf('/'));
      all.computeIfAbsent(service, _ -> new ArrayList<>()).add(key);
    }
    return all.values().stream()
        .flatMap(keys -> keys.subList(0, Math.max(0, keys.size() - STAY)).stream())
        .toList();
  }

  private String prefix(String service) {
    return prefix + service + "/";
  }

  private Optional<KnownReplicas.Seen> read(String key, String time) {
    Optional<byte[]> body = records.read(key);
    if (body.isEmpty()) {
      return Optional.empty();
    }
    try {
      int replicas = json.readTree(body.get()).path("replicas").asInt(0);
      return replicas < 1
          ? Optional.empty()
          : Optional.of(new KnownReplicas.Seen(replicas, TIME.parse(time, Instant::from)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
