package dev.chrysalis.recovery.checklist.errors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.workloads.SideBySide;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// What was counted while the stack was well, kept in the vault as one small record a look. Only
/// the newest ones are read, so that older ones may go at any time.
public final class Baselines {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int NEWEST = 12;

  /// Readers may have listed the keys just before newer ones came.
  private static final int STAY = 4 * NEWEST;

  private final RecordStore records;
  private final String prefix;
  private final ObjectMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();

  public Baselines(RecordStore records, String stack) {
    this.records = records;
    this.prefix = "baselines/" + stack + "/";
  }

  /// Keeps what was counted at a moment at which the stack was well. Of two looks in one second the
  /// first one is kept.
  public void keep(Instant at, Measured measured) {
    try {
      byte[] body = json.writeValueAsBytes(new Baseline(at, measured.counted()));
      boolean _ = records.create(prefix + TIME.format(at), body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers that cannot be written as JSON", e);
    }
  }

  /// When the newest was kept.
  public Optional<Instant> last() {
    List<String> keys = records.keys(prefix);
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(TIME.parse(keys.getLast().substring(prefix.length()), Instant::from));
  }

  /// The newest ones.
  public Known newest() {
    List<String> keys = records.keys(prefix);
    List<String> newest = keys.subList(Math.max(0, keys.size() - NEWEST), keys.size());
    return new Known(
        SideBySide.map(newest, this::read).stream().flatMap(Optional::stream).toList());
  }

  /// The keys of those that nobody reads any more.
  public List<String> spent() {
    List<String> keys = records.keys(prefix);
    return List.copyOf(keys.subList(0, Math.max(0, keys.size() - STAY)));
  }

  /// A record of another version is passed over: what was before is no reason to fail.
  private Optional<Baseline> read(String key) {
    Optional<byte[]> body = records.read(key);
    if (body.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(json.readValue(body.get(), Baseline.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// What the newest ones say: of each service the median, so that one bad hour that nobody saw
  /// does not count for more than it should.
  public static final class Known {
    private final List<Baseline> baselines;

    Known(List<Baseline> baselines) {
      this.baselines = List.copyOf(baselines);
    }

    /// The median of a service's errors; empty where none was kept.
    public Optional<Before> of(String service, ErrorKind kind) {
      List<Double> rates =
          baselines.stream()
              .flatMap(b -> b.entries().stream())
              .filter(e -> e.service().equals(service) && e.kind() == kind)
              .map(Baseline.Entry::perMinute)
              .sorted()
              .toList();
      if (rates.isEmpty()) {
        return Optional.empty();
      }
      String looks = rates.size() == 1 ? "1 look" : rates.size() + " looks";
      String how = looks + " while well, newest " + baselines.getLast().at();
      return Optional.of(new Before(OptionalDouble.of(rates.get(rates.size() / 2)), how));
    }
  }
}
