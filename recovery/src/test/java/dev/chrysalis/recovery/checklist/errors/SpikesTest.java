package dev.chrysalis.recovery.checklist.errors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.stack.Observability.ErrorBounds;
import dev.chrysalis.recovery.checklist.http.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpikesTest {
  private static final ErrorBounds BOUNDS = new ErrorBounds(3, 6, 30);

  /// Rates of errors per minute while well (empty: nobody looked), and what is thought of so many
  /// now.
  @ParameterizedTest
  @CsvSource({
    "REQUESTS, , 0, 60, false",
    "REQUESTS, , 6, 60, false",
    "REQUESTS, , 7, 60, true",
    "REQUESTS, , 2, 5, false",
    "REQUESTS, , 3, 5, true",
    "LINES, , 30, 60, false",
    "LINES, , 31, 60, true",
    "REQUESTS, 0, 2, 5, false",
    "REQUESTS, 0, 3, 5, true",
    "REQUESTS, 0, 3, 60, false",
    "REQUESTS, 0, 4, 60, true",
    "REQUESTS, 0.5, 3, 60, false",
    "REQUESTS, 2, 6, 60, false",
    "REQUESTS, 2, 7, 60, true",
    "LINES, 0, 3, 5, true",
    "LINES, 0, 15, 60, false",
    "LINES, 0, 16, 60, true",
    "REQUESTS, 10, 30, 60, false",
    "REQUESTS, 10, 31, 60, true",
    "REQUESTS, 100, 25, 5, false",
    "REQUESTS, 100, 26, 5, true"
  })
  void compareWithWhatWasBeforeAndElseWithABound(
      ErrorKind kind, String before, double count, int seconds, boolean spike) {
    Spikes spikes = spikes(before == null ? List.of() : List.of(Double.valueOf(before)), kind);

    assertThat(judge(spikes, kind, count, seconds).spike()).isEqualTo(spike);
  }

  @Test
  void sayWhatTheyComparedWith() {
    assertThat(judge(spikes(List.of(1.5), ErrorKind.LINES), ErrorKind.LINES, 4, 5).text())
        .isEqualTo(
            "perception: 4 lines with ERROR in 5.0 s by its members, 48/min; before 1.5/min"
                + " (1 look while well, newest 2026-11-23T02:15:30Z)");
    assertThat(judge(spikes(List.of(), ErrorKind.LINES), ErrorKind.LINES, 4, 5).text())
        .endsWith("nothing to compare with (no look while well was kept), bound 30/min");
  }

  @Test
  void compareWithTheBoundWhileTheVaultIsAway() {
    RecordStore away =
        new RecordStore() {
          @Override
          public boolean create(String key, byte[] body) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Optional<byte[]> read(String key) {
            throw new UnsupportedOperationException();
          }

          @Override
          public List<String> keys(String prefix) {
            throw new ChrysalisException(new ErrorCode(4001, Category.VAULT), "away", "mount it");
          }
        };
    Spikes spikes = new Spikes(BOUNDS, new Baselines(away, "butterfly"), Optional.empty());

    assertThat(judge(spikes, ErrorKind.REQUESTS, 1, 5).text())
        .contains("the vault cannot be read: CHR-4001")
        .endsWith("bound 6/min");
  }

  private static Spikes.Judged judge(Spikes spikes, ErrorKind kind, double count, int seconds) {
    Rate now = new Rate(count, Duration.ofSeconds(seconds), "its members");
    return spikes.judge("perception", kind, now, spikes.kept());
  }

  private static Spikes spikes(List<Double> before, ErrorKind kind) {
    Baselines baselines = new Baselines(new InMemoryRecordStore(), "butterfly");
    for (double perMinute : before) {
      Rate rate = new Rate(perMinute, Duration.ofMinutes(1), "its members");
      baselines.keep(
          Instant.parse("2026-11-23T02:15:30Z"),
          new Measured(List.of(new Measured.One("perception", kind, new Asked.Answered<>(rate)))));
    }
    return new Spikes(BOUNDS, baselines, Optional.empty());
  }
}
