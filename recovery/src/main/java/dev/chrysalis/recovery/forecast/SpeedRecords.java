package dev.chrysalis.recovery.forecast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.model.RecordStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Speeds of runs, kept in the vault as one small record a run, so that a forecast need not read
/// whole journals.
public final class SpeedRecords {
  private static final String PREFIX = "speeds/";
  private static final int NEWEST = 5;

  private final RecordStore records;
  private final ObjectMapper json = new ObjectMapper();

  public SpeedRecords(RecordStore records) {
    this.records = records;
  }

  /// Keeps how fast a run was; once, a repetition changes nothing.
  public void keep(String stack, Runs.History run) {
    try {
      byte[] body = json.writeValueAsBytes(RunSpeeds.of(run.state()));
      boolean _ = records.create(PREFIX + stack + "/" + run.run(), body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers that cannot be written as JSON", e);
    }
  }

  /// What the newest runs of a stack have shown.
  public Speeds newest(String stack) {
    List<RunSpeeds> runs = new ArrayList<>();
    records.keys(PREFIX + stack + "/").stream()
        .sorted(Comparator.reverseOrder())
        .limit(NEWEST)
        .forEach(key -> read(key).ifPresent(runs::add));
    return new Speeds(runs);
  }

  /// A record of another version is passed over: a forecast is no reason to fail.
  private Optional<RunSpeeds> read(String key) {
    Optional<byte[]> body = records.read(key);
    if (body.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(json.readValue(body.get(), RunSpeeds.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
