package dev.chrysalis.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// What stands under a lease's key.
///
/// @param since when it was taken, by the holder's clock
/// @param timeToLive how long its beats may stop before it may be taken over
record LeaseRecord(int v, Holder holder, Instant since, Duration timeToLive, String nonce) {
  private static final JsonMapper JSON = JournalCodec.mapper();

  byte[] encoded() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a lease could not be written as JSON", e);
    }
  }

  static LeaseRecord decoded(String key, byte[] body) {
    try {
      return JSON.readValue(body, LeaseRecord.class);
    } catch (IOException e) {
      throw new ChrysalisException(
          EngineErrors.JOURNAL_DAMAGED,
          "the lease record " + key + " cannot be read",
          "Was it written by a newer Chrysalis? Use that version.",
          e);
    }
  }
}
