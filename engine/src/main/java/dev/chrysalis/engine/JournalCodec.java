package dev.chrysalis.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Journal records as lines of JSON: `{"v":1,"at":…,"token":…,"nonce":…,"entry":{"type":…}}`.
///
/// Version 1 stays readable for ever. Unknown fields are passed over, so that fields can be added
/// within a version; an unknown entry type or a later version is refused, since what it says might
/// matter.
public final class JournalCodec {
  private static final int VERSION = 1;
  private static final JsonMapper JSON = mapper();

  private record Line(int v, Instant at, long token, String nonce, JournalEntry entry) {}

  private JournalCodec() {}

  /// One line, its end included; the same record always gives the same bytes.
  public static byte[] encode(JournalRecord journaled) {
    try {
      byte[] json =
          JSON.writeValueAsBytes(
              new Line(
                  VERSION,
                  journaled.at(),
                  journaled.token(),
                  journaled.nonce(),
                  journaled.entry()));
      byte[] line = Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      return line;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a journal entry could not be written as JSON", e);
    }
  }

  /// Throws `JOURNAL_DAMAGED` or `JOURNAL_TOO_NEW`.
  ///
  /// @param where the record's key, for messages
  public static JournalRecord decode(String where, byte[] body) {
    try {
      JsonNode tree = JSON.readTree(body);
      int version = tree.path("v").asInt(0);
      if (version > VERSION) {
        throw tooNew(where, "version " + version, null);
      }
      Line line = JSON.treeToValue(tree, Line.class);
      if (version < 1 || line == null || line.at() == null || line.entry() == null) {
        throw damaged(where, null);
      }
      return new JournalRecord(line.at(), line.token(), line.nonce(), line.entry());
    } catch (InvalidTypeIdException e) {
      throw tooNew(where, "an entry of type `" + e.getTypeId() + "`", e);
    } catch (IOException e) {
      throw damaged(where, e);
    }
  }

  static JsonMapper mapper() {
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build();
  }

  private static ChrysalisException tooNew(String where, String what, @Nullable Exception cause) {
    return new ChrysalisException(
        EngineErrors.JOURNAL_TOO_NEW,
        "the journal record " + where + " holds " + what + ", which this version does not know",
        "Go on with the version of Chrysalis that wrote it, or a later one.",
        cause);
  }

  private static ChrysalisException damaged(String where, @Nullable Exception cause) {
    return new ChrysalisException(
        EngineErrors.JOURNAL_DAMAGED,
        "the journal record " + where + " cannot be read",
        "Do not resume this run; `chrysalis assess` shows what is left to do.",
        cause);
  }
}
