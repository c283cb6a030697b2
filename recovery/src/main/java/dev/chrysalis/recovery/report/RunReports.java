package dev.chrysalis.recovery.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.recovery.RecoveryErrors;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reports of runs, and what was measured around them, which is kept in the vault beside their
/// journals.
public final class RunReports {
  private final RecordStore records;
  private final ObjectMapper json = new ObjectMapper();

  public RunReports(RecordStore records) {
    this.records = records;
  }

  public RunReport of(Runs.History history) {
    return RunReport.of(history.run(), history.records(), measured(history.run()));
  }

  /// Keeps what was measured around a run; once, later values are not taken.
  public void keep(String run, Map<String, String> measured) {
    try {
      boolean _ = records.create(key(run), json.writeValueAsBytes(new TreeMap<>(measured)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts that cannot be written as JSON", e);
    }
  }

  private Map<String, String> measured(String run) {
    Optional<byte[]> body = records.read(key(run));
    if (body.isEmpty()) {
      return Map.of();
    }
    try {
      return json.readValue(body.get(), new TypeReference<Map<String, String>>() {});
    } catch (IOException e) {
      throw new ChrysalisException(
          RecoveryErrors.NO_REPORT,
          "what was measured around run " + run + " cannot be read",
          "the run's journal is whole all the same: chrysalis runs",
          e);
    }
  }

  private static String key(String run) {
    return "reports/" + run + "/measured";
  }
}
