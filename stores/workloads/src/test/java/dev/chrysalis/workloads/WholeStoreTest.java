package dev.chrysalis.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.MemberId;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeStoreTest {
  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "serves|is down, serves|is down, true",
    "serves|is down, is down|serves, false",
    "is down|does not tell, has lost its data|has lost its data, true",
    "is down|does not tell, has lost its data|is down, false",
    // Its log is to be waited for, and will not come.
    "serves|is down, has lost its data|has lost its data, false",
    "is down, has lost its data|has lost its data, false",
    "serves, serves|serves, false"
  })
  void aPlanFitsWhatItWasMadeForOrWhereNothingIsLeft(String planned, String now, boolean fits) {
    assertThat(store(now).fits(store(planned).text())).isEqualTo(fits);
  }

  /// The members in their order, by what each is.
  private static WholeStore store(String words) {
    String[] each = words.split("\\|", -1);
    return WholeStore.of(
        IntStream.range(0, each.length).mapToObj(n -> new MemberId("store", n)).toList(),
        Function.identity(),
        member -> each[member.ordinal()]);
  }
}
