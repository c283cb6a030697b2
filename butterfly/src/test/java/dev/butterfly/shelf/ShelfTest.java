package dev.butterfly.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class ShelfTest {
  @Test
  void theSameItemIsTakenTwiceAndAnotherUnderItsNumberIsNot() {
    Shelf<String> shelf = new Shelf<>(2);
    assertThat(shelf.put(1, "one")).isTrue();
    assertThat(shelf.put(1, "one")).isTrue();
    assertThat(shelf.put(1, "another")).isFalse();
    assertThat(shelf.get(1)).contains("one");
  }

  @Test
  void ofMoreThanFitTheOldestIsForgotten() {
    Shelf<String> shelf = new Shelf<>(2);
    shelf.put(1, "one");
    shelf.put(2, "two");
    shelf.put(3, "three");
    assertThat(shelf.get(1)).isEmpty();
    assertThat(shelf.get(2)).contains("two");
    assertThat(shelf.get(3)).contains("three");
  }

  @Test
  void aShelfHasRoomForSomething() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Shelf<String>(0));
  }
}
