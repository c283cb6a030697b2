package dev.chrysalis.recovery.checklist.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NewLinesTest {
  @Test
  void areThoseBehindTheLinesOfTheFirstLook() {
    assertThat(NewLines.between(List.of("a", "b"), List.of("a", "b", "c"))).containsExactly("c");
    assertThat(NewLines.between(List.of("a"), List.of("a"))).isEmpty();
    assertThat(NewLines.between(List.of(), List.of("a"))).containsExactly("a");
  }

  @Test
  void areFoundThoughTheOldestLinesFellOut() {
    assertThat(NewLines.between(List.of("a", "b", "c"), List.of("b", "c", "d")))
        .containsExactly("d");
    assertThat(NewLines.between(List.of("a", "b", "c"), List.of("c", "d", "e")))
        .containsExactly("d", "e");
  }

  @Test
  void areAllWhereTheLogBeganAnew() {
    assertThat(NewLines.between(List.of("a", "b"), List.of("x", "y"))).containsExactly("x", "y");
  }

  @Test
  void areCountedAlsoWhereAllLinesAreTheSame() {
    assertThat(NewLines.between(List.of("ERROR", "ERROR"), List.of("ERROR", "ERROR", "ERROR")))
        .containsExactly("ERROR");
  }

  @Test
  void sayErrorOnlyAsAWordOfItsOwn() {
    assertThat(ErrorLines.count(List.of("x ERROR y", "ERRORS 0", "no error", "[ERROR] z")))
        .isEqualTo(2);
  }
}
